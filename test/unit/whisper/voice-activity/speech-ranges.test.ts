import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { speechRanges } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';

const perSecond = 16_000 / 512;
const defaults = { threshold: 0.5, minSpeechSeconds: 0.25, minSilenceSeconds: 2, padSeconds: 0.4 };

/** Speech in the given seconds, silence elsewhere. */
function probabilities(durationSeconds: number, ...spoken: readonly (readonly [number, number])[]): number[] {
  return Array.from({ length: Math.ceil(durationSeconds * perSecond) }, (_, i) => {
    const seconds = i / perSecond;
    return spoken.some(([from, to]) => seconds >= from && seconds < to) ? 0.9 : 0.05;
  });
}

function find(durationSeconds: number, ...spoken: readonly (readonly [number, number])[]) {
  return speechRanges({ ...defaults, durationSeconds, probabilities: probabilities(durationSeconds, ...spoken) }).map(
    ({ startSeconds, endSeconds }) => [Number(startSeconds.toFixed(1)), Number(endSeconds.toFixed(1))],
  );
}

test('silence holds no speech', () => {
  expect(find(600)).toEqual([]);
});

test('speech keeps a little of the silence around it', () => {
  expect(find(60, [10, 15])).toEqual([[9.6, 15.4]]);
});

test('short silences stay, between words and at the ends', () => {
  expect(find(12, [1, 5], [6.5, 10.5])).toEqual([[0, 12]]);
});

test('a long silence parts what is said before and after it', () => {
  expect(find(60, [5, 10], [20, 25])).toEqual([
    [4.6, 10.4],
    [19.6, 25.4],
  ]);
});

test('a click is no speech', () => {
  expect(find(30, [10, 10.1])).toEqual([]);
});

test('a doubtful moment does not end speech that has begun', () => {
  const doubtful = probabilities(20, [5, 15]);
  for (let i = 0; i < doubtful.length; i++) if (doubtful[i] === 0.9 && i % 3 === 0) doubtful[i] = 0.4;
  expect(speechRanges({ ...defaults, probabilities: doubtful, durationSeconds: 20 })).toHaveLength(1);
});

test('ranges lie in the recording, in order and apart, and hold every loud moment long enough to count', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 400 }), (values) => {
      const durationSeconds = values.length / perSecond;
      const ranges = speechRanges({ ...defaults, minSpeechSeconds: 0, probabilities: values, durationSeconds });
      const edges = ranges.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
      expect(edges).toEqual([...edges].sort((a, b) => a - b));
      expect(edges.every((edge) => edge >= 0 && edge <= durationSeconds)).toBe(true);
      values.forEach((value, i) => {
        const seconds = (i + 0.5) / perSecond;
        const held = ranges.some((range) => range.startSeconds <= seconds && seconds <= range.endSeconds);
        expect(held || value < defaults.threshold).toBe(true);
      });
    }),
  );
});
