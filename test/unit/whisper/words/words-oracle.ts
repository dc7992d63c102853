import { readFileSync } from 'node:fs';
import type { WordTiming } from '../../../../daemon/src/whisper/words/word-timing.ts';

/** What openai/whisper says (test/fixtures/words/make_words.py). */
export const wordsOracle = JSON.parse(
  readFileSync(new URL('../../../fixtures/words/words.json', import.meta.url), 'utf8'),
) as {
  readonly splits: readonly {
    readonly language: string;
    readonly tokens: readonly number[];
    readonly words: readonly string[];
    readonly wordTokens: readonly (readonly number[])[];
  }[];
  readonly placements: readonly {
    readonly segments: readonly {
      readonly seek: number;
      readonly start: number;
      readonly end: number;
      readonly tokens: readonly number[];
    }[];
    readonly alignment: readonly WordTiming[];
    readonly lastSpeechSeconds: number;
    readonly merged: readonly WordTiming[];
    readonly placed: readonly {
      readonly start: number;
      readonly end: number;
      readonly words: readonly { word: string; start: number; end: number; probability: number }[];
    }[];
  }[];
};
