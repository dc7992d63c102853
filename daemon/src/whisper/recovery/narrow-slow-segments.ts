import type { WindowSegment } from '../segments/split-into-segments.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { type AddWordTimesRequest, addWordTimes } from '../words/add-word-times.ts';
import { countTextTokens } from './has-poor-text.ts';
import { intersect, missedSpeech, totalSeconds } from './missed-speech.ts';

/** In a shorter time the pace says little. */
const shortestJudgedSeconds = 3;
/** Of the pace of the window's other segments. Speakers are seldom so much slower for a sentence. */
const slowShare = 0.75;

/**
 * A model that skips a sentence lets the one behind it begin where the skipped one does, or the one before it end there:
 * no speech seems to be left out. Such a segment is slow. Where its words leave a second of speech or more uncovered, it
 * gets their times, so that the speech counts as missed. Aligning words takes a tenth of a window's time, so others are
 * believed.
 */
export async function narrowSlowSegments(
  request: AddWordTimesRequest,
  spoken: readonly SpeechRange[],
): Promise<readonly WindowSegment[]> {
  const { segments, tokenizer } = request;
  const { endOfText } = tokenizer.special;
  const slow = segments.map((segment) => isSlow(segment, { among: segments, spoken, endOfText }));
  if (!slow.includes(true)) return segments;
  const timed = await addWordTimes(request);
  return segments.map((segment, i) => {
    const { startSeconds, endSeconds } = timed[i] as WindowSegment;
    const narrow = {
      startSeconds: Math.max(segment.startSeconds, startSeconds),
      endSeconds: Math.min(segment.endSeconds, endSeconds),
    };
    if (!slow[i] || narrow.startSeconds >= narrow.endSeconds) return segment;
    return missedSpeech({ spoken, covered: [narrow], region: segment }).length > 0
      ? { ...segment, ...narrow }
      : segment;
  });
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
  if (tokens === 0 || seconds < shortestJudgedSeconds || otherSeconds < shortestJudgedSeconds) return false;
  return tokens / seconds < (slowShare * countTextTokens(others, endOfText)) / otherSeconds;
}
