import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../../daemon/src/protocol/options/transcription-options.ts';
import { createSpeechClips, type SpeechClip } from '../../../../daemon/src/whisper/voice-activity/speech-clips.ts';

const secondsPerProbability = 512 / 16_000;

function clipsOf(options: TranscriptionOptions = {}) {
  return createSpeechClips({ options: resolveOptions(options), cutIntoWindows: true, named: undefined });
}

/** Turns of speech and silence, in seconds. */
function sound(...turns: readonly (readonly [speech: number, silence: number])[]): Float32Array {
  const values = turns.flatMap(([speech, silence]) => [
    ...new Array<number>(Math.round(speech / secondsPerProbability)).fill(0.9),
    ...new Array<number>(Math.round(silence / secondsPerProbability)).fill(0.05),
  ]);
  return Float32Array.from(values);
}

function heardIn(pieces: readonly Float32Array[], options: TranscriptionOptions) {
  const speech = clipsOf(options);
  const clips = pieces.flatMap((piece) => speech.add(piece));
  const count = pieces.reduce((sum, { length }) => sum + length, 0);
  return { clips: [...clips, ...speech.end(count * secondsPerProbability)], spoken: speech.spoken };
}

const turns = fc.array(
  fc.tuple(fc.double({ min: 0.1, max: 12, noNaN: true }), fc.double({ min: 0.05, max: 6, noNaN: true })),
  { minLength: 1, maxLength: 60 },
);

test.each<[string, TranscriptionOptions]>([
  ['the defaults', {}],
  ['vad off', { vad: false }],
  ['silences that count soon and long margins', { vadMinSilence: 0.5, vadPad: 3 }],
])('the pieces in which a recording is heard change nothing, with %s', (_, options) => {
  const cuts = fc.array(fc.nat(12_000), { maxLength: 30 });
  fc.assert(
    fc.property(turns, cuts, (spoken, places) => {
      const all = sound(...spoken);
      const ends = [...new Set(places.filter((place) => place < all.length))].toSorted((a, b) => a - b);
      const pieces = [0, ...ends].map((start, i) => all.subarray(start, ends[i] ?? all.length));
      expect(heardIn(pieces, options)).toEqual(heardIn([all], options));
    }),
    { numRuns: 60 },
  );
});

test('a clip is given when a long silence follows, and before the end is known', () => {
  const speech = clipsOf();
  expect(speech.add(sound([6, 3]))).toEqual([]);
  const given: readonly SpeechClip[] = speech.add(sound([0, 2]));
  expect(given).toMatchObject([{ startSeconds: 0, endSeconds: expect.closeTo(6.4, 1) }]);
  expect(speech.spoken.at(-1)?.endSeconds).toBeCloseTo(6, 1);
});

test('speech with short pauses alone is cut after four minutes at the latest', () => {
  const speech = clipsOf();
  let heardSeconds = 0;
  let given: readonly SpeechClip[] = [];
  while (given.length === 0) {
    const words = sound([1.7, 0.3]);
    given = speech.add(words);
    heardSeconds += words.length * secondsPerProbability;
    expect(heardSeconds).toBeLessThan(246);
  }
  expect(given[0]?.startSeconds).toBe(0);
  expect(given[0]?.endSeconds).toBeGreaterThan(20);
  expect(given[0]?.endSeconds).toBeLessThanOrEqual(30);
});
