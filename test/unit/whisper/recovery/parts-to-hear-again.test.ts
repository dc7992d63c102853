import { expect, test } from '@jest/globals';
import { partsToHearAgain } from '../../../../daemon/src/whisper/recovery/parts-to-hear-again.ts';

const window = { startSeconds: 0, endSeconds: 28 };
const spoken = [
  { startSeconds: 0, endSeconds: 9 },
  { startSeconds: 10, endSeconds: 15 },
  { startSeconds: 16, endSeconds: 28 },
];

test.each([
  [10, 20],
  [5, 28],
  [0, 10],
])('the part from %d to %d s is heard by itself', (startSeconds, endSeconds) => {
  const missed = { startSeconds, endSeconds };
  expect(partsToHearAgain({ missed, window, wasLed: false, spoken })).toEqual([missed]);
});

test('a whole window that a text led is heard without it', () => {
  expect(partsToHearAgain({ missed: window, window, wasLed: true, spoken })).toEqual([window]);
});

test('a whole window that none led is heard in halves, cut at the pause in its middle', () => {
  expect(partsToHearAgain({ missed: window, window, wasLed: false, spoken })).toEqual([
    { startSeconds: 0, endSeconds: 15.5 },
    { startSeconds: 15.5, endSeconds: 28 },
  ]);
});

test('a whole window without a pause would only sound as it did', () => {
  expect(partsToHearAgain({ missed: window, window, wasLed: false, spoken: [window] })).toEqual([]);
});
