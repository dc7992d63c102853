import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { progressLine } from '../../../../daemon/src/cli/terminal/progress-line.ts';
import { textWidth } from '../../../../daemon/src/cli/terminal/text-width.ts';

test('a line shows the name, a bar, the share and the note', () => {
  expect(progressLine({ name: 'talk.mp3', share: 0.25, note: '1 min 30 s left' }, 79)).toBe(
    'talk.mp3 ██████░░░░░░░░░░░░░░░░░░  25% 1 min 30 s left',
  );
});

test('a long name gives way to bar, share and note', () => {
  const name = 'a name that goes on and on and on and on and on and on and on.mp3';
  expect(progressLine({ name, share: 0.5, note: '12 s left' }, 79)).toBe(
    'a name that goes on and o… ████████████░░░░░░░░░░░░  50% 12 s left',
  );
  expect(progressLine({ name, share: 0.5, note: '12 s left' }, 39)).toBe('a name that… █████░░░░░  50% 12 s left');
});

test('of the words that are being decoded the last ones are shown', () => {
  const note = 'ask not what your country can do for you';
  expect(progressLine({ name: 'jfk.flac', share: 0, note, keepsEnd: true }, 59)).toBe(
    'jfk.flac ░░░░░░░░░░   0% …what your country can do for you',
  );
});

test('no window is too narrow and no share is out of range', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(200), (name, note, share, columns) => {
      expect(textWidth(progressLine({ name, share, note }, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});
