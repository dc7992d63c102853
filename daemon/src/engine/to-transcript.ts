import type { Segment, Timings, Transcript } from '../protocol/transcript.ts';
import type { VoicedSegment, VoicedTranscript } from './hear-sounds.ts';

/** What goes with a decoded text. */
export interface TranscriptFacts extends Pick<Transcript, 'model' | 'task'> {
  readonly timings: Timings;
  /** Sentences about the recording itself. */
  readonly recordingWarnings: readonly string[];
}

/** What was decoded as everybody else knows it: the one place where its names become the protocol's. */
export function toTranscript(decoded: VoicedTranscript, facts: TranscriptFacts): Transcript {
  const { languageProbabilities, warnings } = decoded;
  return {
    text: decoded.text,
    segments: decoded.segments.map(toSegment),
    language: decoded.language,
    language_probability: languageProbabilities?.[0].probability ?? (decoded.isLanguageGuessed ? 0 : null),
    language_probabilities:
      languageProbabilities &&
      Object.fromEntries(languageProbabilities.map(({ language, probability }) => [language, probability])),
    task: facts.task,
    duration: decoded.durationSeconds,
    model: facts.model,
    timings: facts.timings,
    warnings: [...facts.recordingWarnings, ...warnings.map(({ message }) => message)],
    warning_codes: warnings.map(({ code }) => code),
  };
}

export function toSegment(segment: VoicedSegment): Segment {
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
    ...segment.voice,
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
