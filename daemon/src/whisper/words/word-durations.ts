import type { WordTiming } from './word-timing.ts';

const sentenceEndMarks = '.。!！?？';
const longestMedianSeconds = 0.7;

/** The window's usual word length, from the words that last at all; 0 when none does. */
export function medianWordSeconds(timings: readonly WordTiming[]): number {
  const durations = timings
    .map((timing) => timing.endSeconds - timing.startSeconds)
    .filter((seconds) => seconds !== 0)
    .sort((a, b) => a - b);
  if (durations.length === 0) return 0;
  const middle = durations.length / 2;
  const median = ((durations[Math.ceil(middle) - 1] as number) + (durations[Math.floor(middle)] as number)) / 2;
  return Math.min(longestMedianSeconds, median);
}

/** Words at the ends of sentences last at most twice the median (openai/whisper timing.py `add_word_timestamps`). */
export function shortenAtSentenceEnds(timings: readonly WordTiming[], medianSeconds: number): WordTiming[] {
  const longestSeconds = medianSeconds * 2;
  const shortened = [...timings];
  for (let i = 1; i < shortened.length; i++) {
    const timing = shortened[i] as WordTiming;
    if (timing.endSeconds - timing.startSeconds <= longestSeconds) continue;
    if (sentenceEndMarks.includes(timing.word)) {
      shortened[i] = { ...timing, endSeconds: timing.startSeconds + longestSeconds };
    } else if (sentenceEndMarks.includes((shortened[i - 1] as WordTiming).word)) {
      shortened[i] = { ...timing, startSeconds: timing.endSeconds - longestSeconds };
    }
  }
  return shortened;
}
