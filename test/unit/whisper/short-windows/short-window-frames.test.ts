import { expect, test } from '@jest/globals';
import {
  shortWindowFrames,
  shortWindowLengths,
} from '../../../../daemon/src/whisper/short-windows/short-window-frames.ts';

test.each([
  [1, 1200],
  [800, 1200],
  [801, 1400],
  [1100, 1600],
  [2399, 2800],
  [2400, 2800],
  [2401, 3000],
  [3000, 3000],
])('a window with %i frames of sound is encoded in %i', (contentFrames, windowFrames) => {
  expect(shortWindowFrames(contentFrames)).toBe(windowFrames);
});

test('every window is one of the lengths that a device prepares itself for, or full', () => {
  const lengths = new Set(Array.from({ length: 3000 }, (_, frames) => shortWindowFrames(frames + 1)));
  expect([...lengths]).toEqual([...shortWindowLengths, 3000]);
});
