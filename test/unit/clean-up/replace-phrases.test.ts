import { expect, test } from '@jest/globals';
import { phraseReplacer } from '../../../daemon/src/clean-up/replace-phrases.ts';

test('a list is prepared once, and another one anew', () => {
  const list = [{ say: 'at sign', write: '@' }];
  expect(phraseReplacer(list)).toBe(phraseReplacer(list));
  expect(phraseReplacer([...list])).not.toBe(phraseReplacer(list));
});
