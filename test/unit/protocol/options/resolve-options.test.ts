import { expect, test } from '@jest/globals';
import { optionTable } from '../../../../daemon/src/protocol/options/option-table.ts';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../../daemon/src/protocol/options/transcription-options.ts';

test('every option has a value', () => {
  expect(Object.keys(resolveOptions({})).sort()).toEqual(Object.keys(optionTable).sort());
  expect(Object.values(resolveOptions({}))).not.toContain(undefined);
});

test('what is given stays, and what is not is the default of the table', () => {
  const resolved = resolveOptions({ beamSize: 5, vadPad: 0 });
  expect(resolved).toMatchObject({
    beamSize: 5,
    vadPad: 0,
    vadThreshold: 0.5,
    temperature: [0, 0.2, 0.4, 0.6, 0.8, 1],
  });
  expect(resolved).toMatchObject({ language: null, prefix: '', clipTimestamps: [] });
});

test.each<[TranscriptionOptions, boolean]>([
  [{}, false],
  [{ wordTimestamps: true }, true],
  [{ highlightWords: true }, true],
  [{ highlightWords: false }, false],
  [{ maxLineWidth: 40 }, true],
  [{ maxWordsPerLine: 3 }, true],
  [{ wordTimestamps: false, maxLineWidth: 40 }, false],
])('words have times with %j: %s', (options, expected) => {
  expect(resolveOptions(options).wordTimestamps).toBe(expected);
});

test.each<[TranscriptionOptions, boolean]>([
  [{}, true],
  [{ vad: false }, false],
  [{ vad: false, loopGuard: true }, true],
  [{ loopGuard: false }, false],
])('loops are guarded against with %j: %s', (options, expected) => {
  expect(resolveOptions(options).loopGuard).toBe(expected);
});

test.each<[TranscriptionOptions, boolean]>([
  [{}, false],
  [{ sequential: true }, true],
  [{ sequential: true, conditionOnPreviousText: false }, false],
])('a text leads the next one with %j: %s', (options, expected) => {
  expect(resolveOptions(options).conditionOnPreviousText).toBe(expected);
});
