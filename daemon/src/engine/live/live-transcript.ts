import type { LiveResume } from '../../protocol/engine-messages.ts';
import type { Segment } from '../../protocol/transcript.ts';
import type { LanguageProbabilities } from '../../whisper/detect-language.ts';
import type { Transcript } from '../../whisper/transcript.ts';
import type { TranscriptWarning } from '../../whisper/transcript-warning.ts';
import { toSegment } from '../to-transcript.ts';

/** What a live session has committed. */
export interface LiveTranscript {
  readonly segments: readonly Segment[];
  /** The first part's that held text. */
  readonly languageProbabilities: LanguageProbabilities | null;
  readonly warnings: readonly TranscriptWarning[];
  /** Adds what a part says that begins at a time; its segments as the session has them. */
  add(part: Transcript, startSeconds: number): readonly Segment[];
}

const framesPerSecond = 100;

export function createLiveTranscript(resume: LiveResume | null): LiveTranscript {
  const segments: Segment[] = [...(resume?.segments ?? [])];
  const warnings = new Map<string, TranscriptWarning>();
  let languageProbabilities: LanguageProbabilities | null = null;
  if (resume?.language != null) {
    languageProbabilities = [{ language: resume.language, probability: resume.languageProbability ?? 0 }];
  }
  return {
    segments,
    get languageProbabilities() {
      return languageProbabilities;
    },
    get warnings() {
      return [...warnings.values()];
    },
    add(part, startSeconds) {
      // Of a part that holds a noise only nobody has to know.
      for (const warning of part.warnings) {
        if (warning.code !== 'no-speech' && warning.code !== 'quiet-recording') warnings.set(warning.message, warning);
      }
      if (part.text.trim() === '') return [];
      languageProbabilities ??= part.languageProbabilities;
      const added = part.segments.map((segment, i) => moved(toSegment(segment), segments.length + i, startSeconds));
      segments.push(...added);
      return added;
    },
  };
}

function moved(segment: Segment, id: number, bySeconds: number): Segment {
  return {
    ...segment,
    id,
    seek: segment.seek + Math.round(bySeconds * framesPerSecond),
    start: segment.start + bySeconds,
    end: segment.end + bySeconds,
    ...(segment.words && {
      words: segment.words.map((word) => ({ ...word, start: word.start + bySeconds, end: word.end + bySeconds })),
    }),
  };
}
