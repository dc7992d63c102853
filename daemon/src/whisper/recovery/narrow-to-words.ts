import type { WindowSegment } from '../segments/split-into-segments.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { type AddWordTimesRequest, addWordTimes } from '../words/add-word-times.ts';
import { countTextTokens } from './has-poor-text.ts';
import { intersect, missedSpeech, totalSeconds } from './missed-speech.ts';

/** In a shorter time the pace says little. */
const shortestJudgedSeconds = 2;
/** Nor does that of others in a shorter time than this. */
const shortestComparedSeconds = 3;
/** Of the pace of the window's other segments. Speakers are seldom so much slower for a sentence. */
const slowShare = 0.75;
/** Speech between two pauses of at least this length is an utterance. */
const shortestPauseSeconds = 0.3;
/** Shorter ones are too short to be missed, and in longer ones the model puts borders as it likes. */
const shortUtteranceSeconds = { shortest: 0.8, longest: 3 };
/** A border that is so near to a pause may be meant to lie in it. */
const looseSeconds = 0.3;

/**
 * A model that skips a sentence lets the one behind it begin where the skipped one does, or the one before it end there:
 * no speech seems to be left out. Such a segment is slow, or its border divides a short utterance. Then the window's words
 * are aligned; segments that leave a second of speech or more uncovered get the times of their words, so that the speech
 * counts as missed. Aligning takes a tenth of a window's time, so others are believed.
 */
export async function narrowToWords(
  request: AddWordTimesRequest,
  spoken: readonly SpeechRange[],
): Promise<readonly WindowSegment[]> {
  const { segments, tokenizer } = request;
  const { endOfText } = tokenizer.special;
  const isDoubtful =
    segments.some((segment) => isSlow(segment, { among: segments, spoken, endOfText })) ||
    divideUtterance(segments, spoken);
  if (!isDoubtful) return segments;
  const timed = await addWordTimes(request);
  const narrow = segments.map((segment, i) => narrowTo(timed[i] as WindowSegment, segment));
  const covered = narrow.filter(({ text }) => text.trim() !== '');
  const missed = missedSpeech({ spoken, covered, region: wholeOf(segments) });
  return segments.map((segment, i) => (intersect(missed, segment).length > 0 ? (narrow[i] as WindowSegment) : segment));
}

/** Whether a segment has few tokens for the speech that it spans, compared with the window's others. */
export function isSlow(
  segment: WindowSegment,
  {
    among,
    spoken,
    endOfText,
  }: {
    readonly among: readonly WindowSegment[];
    readonly spoken: readonly SpeechRange[];
    readonly endOfText: number;
  },
): boolean {
  const secondsOf = (segments: readonly WindowSegment[]) =>
    totalSeconds(segments.flatMap((each) => intersect(spoken, each)));
  const tokens = countTextTokens([segment], endOfText);
  const seconds = secondsOf([segment]);
  const others = among.filter((each) => each !== segment);
  const otherSeconds = secondsOf(others);
  if (tokens === 0 || seconds < shortestJudgedSeconds || otherSeconds < shortestComparedSeconds) return false;
  return tokens / seconds < (slowShare * countTextTokens(others, endOfText)) / otherSeconds;
}

/** Whether a border between two segments lies in the middle of what is said between two pauses that are near each other. */
export function divideUtterance(segments: readonly SpeechRange[], spoken: readonly SpeechRange[]): boolean {
  const borders = segments
    .slice(1)
    .flatMap((segment, i) => [(segments[i] as SpeechRange).endSeconds, segment.startSeconds]);
  return utterancesOf(spoken).some(({ startSeconds, endSeconds }) => {
    const seconds = endSeconds - startSeconds;
    const isShort = seconds >= shortUtteranceSeconds.shortest && seconds <= shortUtteranceSeconds.longest;
    return isShort && borders.some((at) => at > startSeconds + looseSeconds && at < endSeconds - looseSeconds);
  });
}

function utterancesOf(spoken: readonly SpeechRange[]): SpeechRange[] {
  const utterances: SpeechRange[] = [];
  for (const range of spoken) {
    const last = utterances.at(-1);
    if (last === undefined || range.startSeconds - last.endSeconds >= shortestPauseSeconds) utterances.push(range);
    else utterances[utterances.length - 1] = { startSeconds: last.startSeconds, endSeconds: range.endSeconds };
  }
  return utterances;
}

/** A segment with the times of its words, as far as they lie within its own. */
function narrowTo(words: SpeechRange, segment: WindowSegment): WindowSegment {
  const startSeconds = Math.max(segment.startSeconds, words.startSeconds);
  const endSeconds = Math.min(segment.endSeconds, words.endSeconds);
  return startSeconds < endSeconds ? { ...segment, startSeconds, endSeconds } : segment;
}

function wholeOf(segments: readonly WindowSegment[]): SpeechRange {
  return {
    startSeconds: (segments[0] as WindowSegment).startSeconds,
    endSeconds: (segments.at(-1) as WindowSegment).endSeconds,
  };
}
