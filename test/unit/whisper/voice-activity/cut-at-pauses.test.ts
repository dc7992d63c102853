import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutAtPauses } from '../../../../daemon/src/whisper/voice-activity/cut-at-pauses.ts';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';

const range = (startSeconds: number, endSeconds: number): SpeechRange => ({ startSeconds, endSeconds });
const cut = (clip: SpeechRange, ...pauses: SpeechRange[]) =>
  cutAtPauses([clip], pauses).map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);

test('what fits a window stays whole', () => {
  expect(cut(range(5, 35), range(20, 22))).toEqual([[5, 35]]);
});

test('the longest pause of a well filled window is cut in its middle', () => {
  expect(cut(range(0, 50), range(10, 14), range(22, 23), range(28, 28.2))).toEqual([
    [0, 22.5],
    [22.5, 50],
  ]);
});

test('an earlier pause will do where there is no other', () => {
  expect(cut(range(0, 40), range(4, 6), range(11, 13))).toEqual([
    [0, 12],
    [12, 40],
  ]);
});

test('speech without a pause is longer than a window', () => {
  expect(cut(range(0, 70), range(40, 42))).toEqual([
    [0, 41],
    [41, 70],
  ]);
  expect(cut(range(0, 70))).toEqual([[0, 70]]);
});

test('nothing is left out, and no cut lies in speech', () => {
  const pauses = fc
    .array(fc.tuple(fc.double({ min: 0.2, max: 20, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true })), {
      maxLength: 40,
    })
    .map((steps) => {
      let at = 0;
      return steps.map(([speech, silence]) => {
        const start = at + speech;
        at = start + silence;
        return range(start, at);
      });
    });
  fc.assert(
    fc.property(pauses, fc.double({ min: 1, max: 400, noNaN: true }), (between, endSeconds) => {
      const parts = cutAtPauses([range(0, endSeconds)], between);
      expect(parts[0]?.startSeconds).toBe(0);
      expect(parts.at(-1)?.endSeconds).toBe(endSeconds);
      for (const [i, part] of parts.slice(1).entries()) {
        expect(part.startSeconds).toBe(parts[i]?.endSeconds);
        expect(
          between.some((pause) => pause.startSeconds <= part.startSeconds && part.startSeconds <= pause.endSeconds),
        ).toBe(true);
      }
    }),
  );
});
