import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cutBeginningToWidth,
  cutToWidth,
  padToWidth,
  textWidth,
} from '../../../../daemon/src/cli/terminal/text-width.ts';

test('wide letters take two columns, and a joined emoji takes what it shows', () => {
  expect(textWidth('abc')).toBe(3);
  expect(textWidth('会議')).toBe(4);
  expect(textWidth('👩‍👩‍👧')).toBe(2);
});

test('a text is cut between letters, never within one', () => {
  expect(cutToWidth('会議の録音', 6)).toBe('会議…');
  expect(cutToWidth('会議の録音', 10)).toBe('会議の録音');
  expect(cutBeginningToWidth('会議の録音', 6)).toBe('…録音');
  expect(cutToWidth('a👩‍👩‍👧b', 3)).toBe('a…');
});

test('columns line up whatever the letters', () => {
  expect(padToWidth('会議', 6)).toBe('会議  ');
  expect(padToWidth('meeting', 6)).toBe('meeting');
});

test('what is cut always fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, columns) => {
      expect(textWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
      expect(textWidth(cutBeginningToWidth(text, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});
