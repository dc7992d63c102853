import type { WordTiming } from './word-timing.ts';

/**
 * openai/whisper timing.py `merge_punctuations`. A mark that was merged stays as an empty word without tokens, so that
 * the list keeps its times.
 */
export function mergePunctuations(timings: readonly WordTiming[], prepended: string, appended: string): WordTiming[] {
  const merged = [...timings];
  const at = (index: number) => merged[index] as WordTiming;
  const move = (from: number, to: number, word: string, tokens: readonly number[]) => {
    merged[to] = { ...at(to), word, tokens };
    merged[from] = { ...at(from), word: '', tokens: [] };
  };

  for (let previous = merged.length - 2, following = merged.length - 1; previous >= 0; previous--) {
    const { word, tokens } = at(previous);
    if (word.startsWith(' ') && prepended.includes(word.trim())) {
      move(previous, following, word + at(following).word, [...tokens, ...at(following).tokens]);
    } else {
      following = previous;
    }
  }
  for (let previous = 0, following = 1; following < merged.length; following++) {
    const { word, tokens } = at(following);
    if (!at(previous).word.endsWith(' ') && appended.includes(word)) {
      move(following, previous, at(previous).word + word, [...at(previous).tokens, ...tokens]);
    } else {
      previous = following;
    }
  }
  return merged;
}
