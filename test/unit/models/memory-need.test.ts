import { expect, test } from '@jest/globals';
import { leastMemoryNeed, memoryNeedHere } from '../../../daemon/src/models/computation-here.ts';
import { memoryNeed } from '../../../daemon/src/models/memory-need.ts';

const common = { melBins: 80, audioContext: 1500, textContext: 448 };
const tinyEn = { ...common, audioState: 384, audioLayers: 4, vocabularySize: 51864, textLayers: 4 };
const base = { ...common, audioState: 512, audioLayers: 6, vocabularySize: 51865, textLayers: 6 };
const turbo = { ...common, melBins: 128, audioState: 1280, audioLayers: 32, vocabularySize: 51866, textLayers: 4 };
const small = { ...common, audioState: 768, audioLayers: 12, vocabularySize: 51865, textLayers: 12 };
const large = { ...turbo, textLayers: 32 };
const fourBits = { bits: 4, groupSize: 64 };
const eightBits = { bits: 8, groupSize: 64 };
const halves = { bits: 16, groupSize: 1 };
const cpu = {
  ...({ device: 'cpu', arithmetic: 'exact', batchSize: 1 } as const),
  ...{ denseEncoder: true, rowsReadQuantized: null, encoderBatch: 1 },
};
const gpu = { ...cpu, device: 'gpu', rowsReadQuantized: 8, encoderBatch: 4 } as const;
/** Everything as it is in the file. */
const thin = { ...gpu, denseEncoder: false, rowsReadQuantized: null } as const;

/** What GET /v1/ps showed after loading, and at most after jfk.flac (docs/models.md), in MB. */
test.each([
  ['tiny.en in 4 bits', tinyEn, fourBits, { idle: 152, most: 205 }],
  ['base in 4 bits', base, fourBits, { idle: 219, most: 289 }],
  ['base in float16', base, halves, { idle: 438, most: 525 }],
  ['tiny in float16', tinyEn, halves, { idle: 286, most: 348 }],
  ['small in 4 bits', small, fourBits, { idle: 586, most: 702 }],
  ['turbo in 4 bits', turbo, fourBits, { idle: 2781, most: 3196 }],
  ['turbo in 8 bits', turbo, eightBits, { idle: 2864, most: 3611 }],
  ['turbo in float16', turbo, halves, { idle: 3457, most: 4989 }],
  ['large-v3 in 4 bits', large, fourBits, { idle: 3515, most: 4051 }],
  ['large-v3 in 8 bits', large, eightBits, { idle: 3915, most: 4925 }],
])('on a CPU %s takes what was measured', (_, sizes, form, measured) => {
  const { idleBytes, totalBytes } = memoryNeed(sizes, form, cpu);
  expect(Math.abs(idleBytes / 1e6 / measured.idle - 1)).toBeLessThan(0.15);
  expect(Math.abs(totalBytes / 1e6 / measured.most - 1)).toBeLessThan(0.15);
});

/** Measured on an H200 (docs/performance.md). */
test("on a GPU turbo's weights take what was measured, with and without a dense copy of what many rows read", () => {
  expect(memoryNeed(turbo, fourBits, gpu).weightBytes / 1e6).toBeCloseTo(1706, -1);
  expect(memoryNeed(turbo, fourBits, thin).weightBytes / 1e6).toBeCloseTo(466, -1);
});

test('on a GPU a window has keys and values once, however deep the decoder is', () => {
  const deep = { ...turbo, textLayers: 32 };
  const layerBytes = 2 * 2 * deep.audioState * (deep.audioContext + deep.textContext);
  expect(memoryNeed(deep, fourBits, gpu).windowBytes).toBe(32 * layerBytes + 2 * deep.audioState * deep.audioContext);
});

test('an encoder in 8 bits beside a decoder in 4 takes what its own bits say', () => {
  const mixed = memoryNeed(turbo, { ...fourBits, encoderBits: 8 }, thin).weightBytes;
  const whole = [4, 8].map((bits) => memoryNeed(turbo, { bits, groupSize: 64 }, thin).weightBytes) as [number, number];
  expect(mixed).toBeGreaterThan(whole[0] + 0.7 * (whole[1] - whole[0]));
  expect(mixed).toBeLessThan(whole[1]);
});

test('in 8 bits an encoder takes a quarter, and each window more takes the same', () => {
  const [exact, int8] = [memoryNeed(base, fourBits, cpu), memoryNeed(base, fourBits, { ...cpu, arithmetic: 'int8' })];
  expect(int8.weightBytes).toBeLessThan(exact.weightBytes / 2);
  const two = memoryNeed(base, fourBits, { ...cpu, batchSize: 2 });
  expect(two.totalBytes - exact.totalBytes).toBe(exact.windowBytes);
});

test('what a machine is too small for is computed in less memory, as long as there is a way', () => {
  const wanted = (gigabytes: number) => ({
    ...({ machine: { device: 'gpu', memoryBytes: gigabytes * 1e9 }, preset: 'auto', arithmetic: 'exact' } as const),
  });
  const [large, small] = [memoryNeedHere(turbo, fourBits, wanted(64)), memoryNeedHere(turbo, fourBits, wanted(4))];
  expect(large.weightBytes).toBeGreaterThan(3 * small.weightBytes);
  expect(small.totalBytes).toBeLessThan(large.totalBytes - 1.2e9);
  expect(leastMemoryNeed(turbo, fourBits, wanted(64)).totalBytes).toBeLessThan(1.4e9);
});

test('a draft model counts with its weights and its part of each window, unless it would guess nothing', () => {
  const machine = { device: 'cpu', memoryBytes: 16e9 } as const;
  const wanted = { machine, preset: 'auto', arithmetic: 'exact' } as const;
  const draft = { sizes: { ...base, textLayers: 2 }, form: fourBits };
  const alone = memoryNeedHere(base, fourBits, wanted);
  const guessed = memoryNeedHere(base, fourBits, { ...wanted, draft });
  const own = memoryNeed(draft.sizes, draft.form, cpu);
  expect(guessed.weightBytes).toBe(alone.weightBytes + own.weightBytes);
  expect(guessed.windowBytes).toBe(alone.windowBytes + own.windowBytes);
  expect(guessed.totalBytes - alone.totalBytes).toBeCloseTo(own.weightBytes + own.windowBytes, -1);
  expect(memoryNeedHere(base, fourBits, { ...wanted, draft: { sizes: base, form: fourBits } })).toEqual(alone);
});

test('what was measured of a model on a GPU decides what it takes; the preset lowMemory and a small memory come first', () => {
  const machine = { device: 'gpu', memoryBytes: 64e9 } as const;
  const chosen = { denseEncoder: false, rowsReadQuantized: null, encoderBatch: 1, logMelOnDevice: true };
  const wanted = { machine, preset: 'auto', arithmetic: 'exact', measured: () => chosen } as const;
  expect(memoryNeedHere(turbo, fourBits, wanted).weightBytes).toBe(memoryNeed(turbo, fourBits, thin).weightBytes);
  const dense = () => ({ ...chosen, denseEncoder: true, rowsReadQuantized: 0 });
  const megabytes = memoryNeedHere(turbo, fourBits, { ...wanted, measured: dense }).weightBytes / 1e6;
  // Without the 89 MB of the decoder's layers in 4 bits.
  expect(megabytes).toBeCloseTo(1617, -1);
  for (const small of [{ preset: 'lowMemory' }, { machine: { device: 'gpu', memoryBytes: 4e9 } }] as const) {
    const { weightBytes } = memoryNeedHere(turbo, fourBits, { ...wanted, measured: dense, ...small });
    expect(weightBytes).toBe(memoryNeed(turbo, fourBits, thin).weightBytes);
  }
});
