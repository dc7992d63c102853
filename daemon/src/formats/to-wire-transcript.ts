import type { TranscriptionResult } from '../messages/engine-messages.ts';
import type { WireSegment, WireTimings, WireTranscript } from '../messages/wire-transcript.ts';
import type { Segment, TranscriptTimings } from '../whisper/transcript.ts';

/** A result with OpenAI's names. */
export function toWireTranscript(result: TranscriptionResult): WireTranscript {
  return {
    text: result.text,
    segments: result.segments.map(toWireSegment),
    language: result.language,
    language_probability: result.languageProbabilities?.[0].probability ?? (result.isLanguageGuessed ? 0 : null),
    language_probabilities:
      result.languageProbabilities &&
      Object.fromEntries(result.languageProbabilities.map(({ language, probability }) => [language, probability])),
    task: result.task,
    duration: result.durationSeconds,
    model: result.model,
    timings: toWireTimings(result.timings),
    warnings: result.warnings,
    ...(result.warningCodes && { warning_codes: result.warningCodes }),
  };
}

function toWireTimings(timings: TranscriptTimings): WireTimings {
  return {
    model_wait: timings.modelWaitSeconds,
    audio_decode: timings.audioDecodeSeconds,
    voice_activity: timings.voiceActivitySeconds,
    log_mel: timings.logMelSeconds,
    encode: timings.encodeSeconds,
    language_detection: timings.languageDetectionSeconds,
    decode: timings.decodeSeconds,
    decode_prompt: timings.promptSeconds,
    decode_host: timings.decodeHostSeconds,
    decode_device: timings.decodeDeviceSeconds,
    align: timings.alignSeconds,
    other: timings.otherSeconds,
    total: timings.totalSeconds,
    windows: timings.windows,
    decoder_steps: timings.decoderSteps,
    tokens: timings.tokens,
  };
}

export function toWireSegment(segment: Segment): WireSegment {
  return {
    id: segment.id,
    seek: segment.seek,
    start: segment.startSeconds,
    end: segment.endSeconds,
    text: segment.text,
    tokens: segment.tokens,
    temperature: segment.temperature,
    avg_logprob: segment.avgLogprob,
    compression_ratio: segment.compressionRatio,
    no_speech_prob: segment.noSpeechProb,
    ...(segment.language !== undefined && { language: segment.language }),
    ...(segment.words && {
      words: segment.words.map(({ word, startSeconds, endSeconds, probability }) => ({
        word,
        start: startSeconds,
        end: endSeconds,
        probability,
      })),
    }),
  };
}
