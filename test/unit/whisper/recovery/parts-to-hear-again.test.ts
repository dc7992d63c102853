import { expect, test } from '@jest/globals';
import { partsToHearAgain } from '../../../../daemon/src/whisper/recovery/parts-to-hear-again.ts';

const region = { startSeconds: 0, endSeconds: 28 };
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
  expect(partsToHearAgain({ missed, region, wasLed: false, spoken })).toEqual([missed]);
});

test('a whole region that a text led is heard without it', () => {
  expect(partsToHearAgain({ missed: region, region, wasLed: true, spoken })).toEqual([region]);
});

test('a whole region that none led is heard in halves, cut at the pause in its middle', () => {
  expect(partsToHearAgain({ missed: region, region, wasLed: false, spoken })).toEqual([
    { startSeconds: 0, endSeconds: 15.5 },
    { startSeconds: 15.5, endSeconds: 28 },
  ]);
});

test('a whole region without a pause would only sound as it did', () => {
  expect(partsToHearAgain({ missed: region, region, wasLed: false, spoken: [region] })).toEqual([]);
});
