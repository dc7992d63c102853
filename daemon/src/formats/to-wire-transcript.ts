import type { TranscriptionResult } from '../messages/engine-messages.ts';
import type { WireSegment, WireTranscript } from '../messages/wire-transcript.ts';
import type { Segment } from '../whisper/transcript.ts';

/** A result with OpenAI's names. */
export function toWireTranscript(result: TranscriptionResult): WireTranscript {
  const { timings } = result;
  return {
    text: result.text,
    segments: result.segments.map(toWireSegment),
    language: result.language,
    language_probability: result.languageProbabilities?.[0].probability ?? null,
    language_probabilities:
      result.languageProbabilities &&
      Object.fromEntries(result.languageProbabilities.map(({ language, probability }) => [language, probability])),
    task: result.task,
    duration: result.durationSeconds,
    model: result.model,
    timings: {
      audio_decode: timings.audioDecodeSeconds,
      log_mel: timings.logMelSeconds,
      encode: timings.encodeSeconds,
      decode: timings.decodeSeconds,
      total: timings.totalSeconds,
    },
    warnings: result.warnings,
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
