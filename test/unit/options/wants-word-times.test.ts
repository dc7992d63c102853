import { expect, test } from '@jest/globals';
import type { TranscriptionOptions } from '../../../daemon/src/options/transcription-options.ts';
import { wantsWordTimes } from '../../../daemon/src/options/wants-word-times.ts';

test.each<[TranscriptionOptions, boolean]>([
  [{}, false],
  [{ wordTimestamps: true }, true],
  [{ highlightWords: true }, true],
  [{ highlightWords: false }, false],
  [{ maxLineWidth: 40 }, true],
  [{ maxWordsPerLine: 3 }, true],
  [{ wordTimestamps: false, maxLineWidth: 40 }, false],
])('%j: %s', (options, expected) => {
  expect(wantsWordTimes(options)).toBe(expected);
});
