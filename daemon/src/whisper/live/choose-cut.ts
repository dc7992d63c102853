import type { SpeechRange } from '../voice-activity/speech-ranges.ts';

/** A text that was heard before its speech had ended. */
export interface Hypothesis {
  readonly text: string;
  readonly segments: readonly { readonly text: string; readonly endSeconds: number }[];
}

/** A pause up to which the text seems to be settled. */
export interface Cut {
  /** The middle of the pause. */
  readonly atSeconds: number;
  /** What is said until then. */
  readonly text: string;
}

export interface ChooseCutRequest {
  /** Of the part that is not committed yet; times from the beginning of the sound. */
  readonly hypothesis: Hypothesis;
  /** Characters of it that the hypothesis before has too. */
  readonly agreedLength: number;
  readonly part: SpeechRange;
  /** What is spoken in the part, cut at every pause. */
  readonly spoken: readonly SpeechRange[];
  readonly lengths: CutLengths;
  readonly isRefused: (atSeconds: number) => boolean;
}

export interface CutLengths {
  /** A shorter part is left whole: the more a window holds, the better its text. */
  readonly shortestPartSeconds: number;
  /** Kept together at the beginning of a part. */
  readonly shortestSeconds: number;
  /** From this length on the end of any phrase will do, not only that of a sentence. */
  readonly longSeconds: number;
}

/** What is less far behind the voice may still change. */
const leastBehindSeconds = 1;
const shortestPauseSeconds = { sentence: 0.2, phrase: 0.1 };
/** The times that a model writes are that inexact. */
const looseSeconds = 0.5;

/** The last pause behind the voice before which two hypotheses in a row say the same; null where there is none. */
export function chooseCut(request: ChooseCutRequest): Cut | null {
  const { hypothesis, agreedLength, part, spoken, isRefused } = request;
  const { shortestPartSeconds, shortestSeconds, longSeconds } = request.lengths;
  const lengthSeconds = part.endSeconds - part.startSeconds;
  if (lengthSeconds < shortestPartSeconds) return null;
  const isLong = lengthSeconds >= longSeconds;
  const least = isLong ? shortestPauseSeconds.phrase : shortestPauseSeconds.sentence;
  const pauses = pausesOf(spoken).filter(({ startSeconds, endSeconds }) => endSeconds - startSeconds >= least);
  let text = '';
  let best: Cut | null = null;
  for (const segment of hypothesis.segments.slice(0, -1)) {
    text += segment.text;
    if (text.trimEnd().length > agreedLength) break;
    const { endSeconds } = segment;
    if (endSeconds > part.endSeconds - leastBehindSeconds) break;
    if (endSeconds - part.startSeconds < shortestSeconds || !(isLong || endsSentence(segment.text))) continue;
    const atSeconds = nearestPause(pauses, endSeconds);
    if (atSeconds !== null && !isRefused(atSeconds)) best = { atSeconds, text };
  }
  return best;
}

function nearestPause(pauses: readonly SpeechRange[], seconds: number): number | null {
  const near = pauses
    .filter((pause) => seconds >= pause.startSeconds - looseSeconds && seconds <= pause.endSeconds + looseSeconds)
    .map((pause) => (pause.startSeconds + pause.endSeconds) / 2)
    .sort((a, b) => Math.abs(a - seconds) - Math.abs(b - seconds));
  return near[0] ?? null;
}

/** The silences between some ranges. */
export function pausesOf(spoken: readonly SpeechRange[]): SpeechRange[] {
  return spoken.slice(1).map((range, i) => ({
    startSeconds: (spoken[i] as SpeechRange).endSeconds,
    endSeconds: range.startSeconds,
  }));
}

function endsSentence(text: string): boolean {
  return /[.!?…。！？][\s"'”’»)\]]*$/u.test(text);
}
