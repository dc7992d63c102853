import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type MeasuredComputation,
  type MeasuredComputations,
  measuredModel,
  openMeasuredComputations,
} from '../../../daemon/src/models/measured-computations.ts';

const sizes = {
  ...{ melBins: 80, audioContext: 1500, audioState: 512, audioLayers: 6 },
  ...{ vocabularySize: 51865, textContext: 448, textLayers: 6 },
};
const measured: MeasuredComputation = {
  machine: { name: 'NVIDIA H200', memoryBytes: 150e9, mlxVersion: '0.32.4' },
  model: measuredModel({ sizes, form: { bits: 4, groupSize: 64 } }),
  triedDense: true,
  measuredAt: '2026-11-30T23:00:00.000Z',
  computation: { denseEncoder: true, rowsReadQuantized: 8, encoderBatch: 4, logMelOnDevice: true },
  trials: [{ part: 'encoder', way: 'dense', count: 1, seconds: 0.007 }],
};
const { machine, model } = measured;

let folder: string;
let file: string;
let store: MeasuredComputations;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-choices-'));
  file = join(folder, 'choices.json');
  store = openMeasuredComputations(file);
});

afterEach(() => rm(folder, { recursive: true }));

test('what was measured is there again for the same machine, MLX and sizes, and for nothing else', async () => {
  expect(store.find({ machine, model }, true)).toBeNull();
  store.add(measured);
  expect(openMeasuredComputations(file).find({ machine, model }, true)).toEqual(measured);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  for (const other of [{ name: 'Apple M4' }, { memoryBytes: 16e9 }, { mlxVersion: '0.33.0' }]) {
    expect(store.find({ machine: { ...machine, ...other }, model }, true)).toBeNull();
  }
  for (const form of [
    { bits: 8, groupSize: 64 },
    { bits: 4, groupSize: 64, encoderBits: 8 },
  ]) {
    expect(store.find({ machine, model: measuredModel({ sizes, form }) }, true)).toBeNull();
  }
  expect(
    store.find(
      { machine, model: measuredModel({ sizes: { ...sizes, textLayers: 2 }, form: { bits: 4, groupSize: 64 } }) },
      true,
    ),
  ).toBeNull();
  expect(store.findFor(model, 150e9)).toEqual(measured);
  expect(store.findFor(model, 16e9)).toBeNull();
});

test('what was measured without room for dense layers counts only as long as there is none', () => {
  store.add({ ...measured, triedDense: false });
  expect(store.find({ machine, model }, false)).not.toBeNull();
  expect(store.find({ machine, model }, true)).toBeNull();
  store.add(measured);
  expect(store.find({ machine, model }, true)).toEqual(measured);
});

test.each([
  ['no JSON', '{ "version": 1, "measured": ['],
  ['of another version', JSON.stringify({ version: 0, measured: [measured] })],
  ['something else', JSON.stringify([measured])],
  [
    'of impossible values',
    JSON.stringify({ version: 1, measured: [{ ...measured, computation: { encoderBatch: 0 } }] }),
  ],
])('a file that is %s is measured again, and replaced', async (_, content) => {
  await writeFile(file, content);
  expect(store.find({ machine, model }, true)).toBeNull();
  store.add(measured);
  expect(store.find({ machine, model }, true)).toEqual(measured);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1 });
});

test('a home that cannot be written loses nothing but the measurement', async () => {
  const nowhere = openMeasuredComputations(join(folder, 'missing', 'choices.json'));
  nowhere.add(measured);
  expect(nowhere.find({ machine, model }, true)).toBeNull();
});
