import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packIntoWindows } from '../../../../daemon/src/whisper/voice-activity/pack-into-windows.ts';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';

const secondsPerWindow = 30;
const longestSharedSilenceSeconds = 4;
const longestUndecidedSeconds = 240;
const range = (startSeconds: number, endSeconds: number): SpeechRange => ({ startSeconds, endSeconds });
const pack = (ranges: readonly SpeechRange[], ...pauses: readonly SpeechRange[]) =>
  packIntoWindows(ranges, pauses).map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);

test('what fits a window stays whole', () => {
  expect(pack([range(5, 35)], range(20, 22))).toEqual([[5, 35]]);
});

test('without speech there are no parts', () => {
  expect(pack([])).toEqual([]);
});

test('the longest pause that leaves no more parts than needed is cut in its middle', () => {
  expect(pack([range(0, 50)], range(10, 14), range(22, 23), range(28, 28.2))).toEqual([
    [0, 22.5],
    [22.5, 50],
  ]);
});

test('fewer parts come before longer pauses', () => {
  expect(pack([range(0, 58)], range(19, 21), range(28.9, 29.1), range(40, 42))).toEqual([
    [0, 29],
    [29, 58],
  ]);
});

test('one very short pause is worse than two that are less than the longest', () => {
  const pauses = [range(25, 26), range(28.9, 29.5), range(53.9, 54), range(56.9, 57.5)];
  expect(pack([range(0, 80)], ...pauses)).toEqual([
    [0, 29.2],
    [29.2, 57.2],
    [57.2, 80],
  ]);
});

test('of equal pauses the earlier parts get more', () => {
  expect(pack([range(0, 55)], range(26, 26.5), range(27, 27.5), range(28, 28.5))).toEqual([
    [0, 28.25],
    [28.25, 55],
  ]);
});

test('speech without a pause is longer than a window', () => {
  expect(pack([range(0, 70)], range(40, 42))).toEqual([
    [0, 41],
    [41, 70],
  ]);
  expect(pack([range(0, 70)])).toEqual([[0, 70]]);
});

test('neighbours share a window, and a long one gives what is over to the next', () => {
  expect(pack([range(0, 40), range(42, 50)], range(17, 19), range(28, 28.5))).toEqual([
    [0, 28.25],
    [28.25, 50],
  ]);
  expect(pack([range(0, 10), range(13, 20), range(23, 29)])).toEqual([[0, 29]]);
});

test('a long silence is in no part', () => {
  expect(pack([range(0, 5), range(10, 15)])).toEqual([
    [0, 5],
    [10, 15],
  ]);
});

/** Ranges with pauses in them, in order and apart. */
const recordings = fc
  .array(
    fc.record({
      speech: fc.double({ min: 0.2, max: 20, noNaN: true }),
      silence: fc.double({ min: 0.1, max: 6, noNaN: true }),
      parts: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((steps) => {
    const ranges: SpeechRange[] = [];
    const pauses: SpeechRange[] = [];
    let from = 0;
    let at = 0;
    for (const { speech, silence, parts } of steps) {
      const end = at + speech;
      pauses.push(range(end, end + silence));
      at = end + silence;
      if (!parts) continue;
      ranges.push(range(from, end));
      from = at;
    }
    if (from < at) ranges.push(range(from, at));
    return { ranges, pauses };
  });

test('nothing is left out, and no cut lies in speech', () => {
  fc.assert(
    fc.property(recordings, ({ ranges, pauses }) => {
      const parts = packIntoWindows(ranges, pauses);
      expect(parts[0]?.startSeconds).toBe(ranges[0]?.startSeconds);
      expect(parts.at(-1)?.endSeconds).toBe(ranges.at(-1)?.endSeconds);
      for (const [i, { startSeconds }] of parts.slice(1).entries()) {
        const endSeconds = (parts[i] as SpeechRange).endSeconds;
        const betweenRanges = ranges.findIndex((each) => each.endSeconds === endSeconds);
        if (betweenRanges >= 0) expect(startSeconds).toBe(ranges[betweenRanges + 1]?.startSeconds);
        else {
          expect(startSeconds).toBe(endSeconds);
          expect(pauses.some((pause) => pause.startSeconds <= endSeconds && endSeconds <= pause.endSeconds)).toBe(true);
        }
      }
    }),
  );
});

test('a part fits a window where pauses allow it, and there are hardly more than there must be', () => {
  fc.assert(
    fc.property(recordings, ({ ranges, pauses }) => {
      const parts = packIntoWindows(ranges, pauses);
      const middles = pauses.map(({ startSeconds, endSeconds }) => (startSeconds + endSeconds) / 2);
      for (const { startSeconds, endSeconds } of parts) {
        if (endSeconds - startSeconds <= secondsPerWindow) continue;
        expect(middles.some((middle) => middle > startSeconds && middle < endSeconds)).toBe(false);
      }
      const fewest = fewestParts(ranges, middles);
      const mostForced = Math.floor((ranges.at(-1) as SpeechRange).endSeconds / longestUndecidedSeconds);
      expect(parts.length).toBeGreaterThanOrEqual(fewest);
      expect(parts.length).toBeLessThanOrEqual(fewest + mostForced);
    }),
  );
});

/** Filling each part as far as it goes leaves the fewest. */
function fewestParts(ranges: readonly SpeechRange[], middles: readonly number[]): number {
  let count = 0;
  let start = Number.NEGATIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { startSeconds, endSeconds } of ranges) {
    const cuts = middles.filter((middle) => middle > startSeconds && middle < endSeconds);
    for (const [i, cut] of [...cuts, endSeconds].entries()) {
      const from = i === 0 ? startSeconds : (cuts[i - 1] as number);
      if (cut - start > secondsPerWindow || from - end > longestSharedSilenceSeconds) {
        count += 1;
        start = from;
      }
      end = cut;
    }
  }
  return count;
}

test('ten hours are packed in less than five processor seconds', () => {
  const pauses = Array.from({ length: 36_000 }, (_, second) => range(second + 0.4, second + 0.5 + (second % 7) / 100));
  const before = process.cpuUsage();
  const parts = packIntoWindows([range(0, 36_000)], pauses);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(5);
  expect(parts.length).toBeGreaterThanOrEqual(1200);
  expect(parts.length).toBeLessThan(1300);
});
