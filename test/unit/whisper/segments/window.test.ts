import { expect, test } from '@jest/globals';
import { clipRanges } from '../../../../daemon/src/whisper/segments/window.ts';

test.each<[string, number[], [number, number][]]>([
  ['no clip is the whole recording', [], [[0, 6000]]],
  ['a start alone lasts to the end', [12.5], [[1250, 6000]]],
  [
    'the last end may be left out',
    [0, 10, 20],
    [
      [0, 1000],
      [2000, 6000],
    ],
  ],
  ['an end beyond the recording is cut to it', [50, 90], [[5000, 6000]]],
])('%s', (_, timestamps, ranges) => {
  const found = clipRanges(timestamps, 6000).map(({ startFrames, endFrames }) => [startFrames, endFrames]);
  expect(found).toEqual(ranges);
});
