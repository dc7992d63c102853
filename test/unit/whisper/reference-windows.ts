import type { ReferenceSegment } from './reference-transcripts.ts';
import type { Answer } from './scripted-model.ts';

const timestampBegin = 50364;
const framesPerWindow = 3000;

export interface ReplayedWindow extends Answer {
  readonly seek: number;
  /** False when the text of an unfinished segment after the last one is not known any more. */
  readonly isWhole: boolean;
}

/**
 * What the model must have said in each window for openai/whisper to make these segments of it. Windows that it skipped
 * as silence leave no trace. Of an unfinished last segment only its opening timestamp matters, and that is the closing
 * one of the segment before.
 */
export function replayedWindows(segments: readonly ReferenceSegment[], totalFrames: number): ReplayedWindow[] {
  const seeks = [...new Set(segments.map(({ seek }) => seek))];
  return seeks.map((seek, index) => {
    const inWindow = segments.filter((segment) => segment.seek === seek);
    const first = inWindow[0] as ReferenceSegment;
    const tokens = inWindow.flatMap((segment) => segment.tokens);
    const lastToken = tokens.at(-1) as number;
    const nextSeek = seeks[index + 1];
    const isWhole = nextSeek === undefined || !continuesAt(lastToken, seek, nextSeek, totalFrames);
    const { avgLogprob, noSpeechProb } = first;
    return { seek, tokens: isWhole ? tokens : [...tokens, lastToken], avgLogprob, noSpeechProb, isWhole };
  });
}

/** Whether the next window, or the first of the skipped ones before it, starts at the last timestamp. */
function continuesAt(lastToken: number, seek: number, nextSeek: number, totalFrames: number): boolean {
  const endOfWindow = seek + Math.min(framesPerWindow, totalFrames - seek);
  const atTimestamp = seek + (lastToken - timestampBegin) * 2;
  const reaches = (start: number) => start <= nextSeek && (nextSeek - start) % framesPerWindow === 0;
  return lastToken >= timestampBegin && !reaches(endOfWindow) && reaches(atTimestamp);
}
