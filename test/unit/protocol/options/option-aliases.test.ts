import { expect, test } from '@jest/globals';
import { flaggedOptions } from '../../../../daemon/src/cli/transcription-flags.ts';
import { flagOf } from '../../../../daemon/src/protocol/options/as-flags.ts';
import { meantOption } from '../../../../daemon/src/protocol/options/option-aliases.ts';

const known = ['language', 'initialPrompt', 'model', 'task', 'wordTimestamps', 'beamSize'];

test.each([
  ['lang', 'language'],
  ['--lang', 'language'],
  ['-l', 'language'],
  ['-m', 'model'],
  ['--prompt', 'initialPrompt'],
  ['--translate', 'task=translate'],
  ['initial_prompt', 'initialPrompt'],
  ['--word_timestamps', 'wordTimestamps'],
  ['beam-size', 'beamSize'],
  ['--lang=de', 'language'],
])('%s means %s', (given, meant) => {
  expect(meantOption(given, known)).toBe(meant);
});

test('what nobody knows, and what is not offered here, means nothing', () => {
  expect(meantOption('--colour', known)).toBeNull();
  expect(meantOption('lang', ['id'])).toBeNull();
  expect(meantOption('constructor', known)).toBeNull();
});

test('every name of the command line means its option', () => {
  const names = flaggedOptions.map(([name]) => name);
  for (const name of names) expect([name, meantOption(flagOf(name), names)]).toEqual([name, name]);
});
