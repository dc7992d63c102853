import { expect, test } from '@jest/globals';
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
