import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';
import { speechUntil } from '../../../../daemon/src/whisper/voice-activity/speech-until.ts';

const range = (startSeconds: number, endSeconds: number): SpeechRange => ({ startSeconds, endSeconds });
const part = range(10, 40);

test.each<[string, readonly SpeechRange[], number]>([
  ['a second of speech may be left out', [range(11, 38)], 37],
  ['silence between does not count', [range(11, 30), range(36, 36.4), range(38, 38.4)], 29.8],
  ['half of the last utterance may not', [range(11, 36), range(38, 38.8)], 38.4],
  ['a click is no utterance', [range(11, 36), range(38, 38.2)], 35.2],
  ['a single word is waited for', [range(20, 20.6)], 20.3],
  ['clicks alone hold nothing up', [range(20, 20.2), range(21, 21.2)], 10],
  ['silence holds nothing up', [], 10],
  ['what is said before and after the part is not its own', [range(0, 12), range(39, 50)], 39.5],
])('%s', (_, spoken, seconds) => {
  expect(speechUntil(part, spoken)).toBeCloseTo(seconds, 6);
});

test('less than a second of speech is left, and the time lies in the part', () => {
  const recordings = fc
    .array(fc.tuple(fc.double({ min: 0.1, max: 9, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true })), {
      maxLength: 12,
    })
    .map((steps) => {
      let at = 0;
      return steps.map(([silence, speech]) => {
        const start = at + silence;
        at = start + speech;
        return range(start, at);
      });
    });
  fc.assert(
    fc.property(recordings, (spoken) => {
      const until = speechUntil(part, spoken);
      expect(until).toBeGreaterThanOrEqual(part.startSeconds);
      expect(until).toBeLessThanOrEqual(part.endSeconds);
      const left = spoken.reduce(
        (seconds, { startSeconds, endSeconds }) =>
          seconds + Math.max(0, Math.min(endSeconds, part.endSeconds) - Math.max(startSeconds, until)),
        0,
      );
      expect(left).toBeLessThan(1 + 1e-6);
    }),
  );
});
