import { expect, test } from '@jest/globals';
import { shorten } from '../../../daemon/src/errors/shorten.ts';

test('a value is cut where it is too long, and never in the middle of a character', () => {
  expect(shorten('x'.repeat(100))).toBe('x'.repeat(100));
  expect(shorten('x'.repeat(101))).toBe(`${'x'.repeat(100)}…`);
  const cut = shorten('😀'.repeat(60), 99);
  expect([cut.isWellFormed(), cut.endsWith('…')]).toEqual([true, true]);
});
