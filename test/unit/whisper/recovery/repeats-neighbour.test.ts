import { expect, test } from '@jest/globals';
import { repeatsNeighbour } from '../../../../daemon/src/whisper/recovery/repeats-neighbour.ts';

test.each<[string, string, string, boolean]>([
  [' for your country.', ' what you can do for your country', ' Ask not', true],
  [' Ask', '', ' ask not', true],
  [' something new', ' what you can do', ' Ask not', false],
  [' 2. From fairest creatures we desire.', ' 1. From fairest creatures we desire.', '', true],
  [' 1. From fairest creatures we desire.', '', ' 2. From fairest creatures we desire.', true],
  [' 2. Yes.', ' 1. Yes.', '', false],
  ['', ' what you can do', ' Ask not', false],
  [' 你好。', ' 他说你好', '', true],
])('"%s" between "%s" and "%s": %s', (text, before, after, expected) => {
  expect(repeatsNeighbour(text, before, after)).toBe(expected);
});
