import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeModel } from '@hearth/native';
import { readFeatures } from '@hearth/native/testing';
import { describe, expect, test } from '@jest/globals';
import { encodeWindow, native } from './support/embedded-model.ts';
import { type ModelFolderForm, writeModelFolder } from './support/model-folder.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';
import { withTemporaryFolder } from './support/temporary-folder.ts';

const model = createSmallModel({ melBins: 80, vocabularySize: 51865, seed: 1 });
const form: ModelFolderForm = { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors' };

test.each(['mlx-whisper', 'asr', 'hugging-face'] as const)(
  'the layout %s tells which heads follow the audio',
  async (layout) => {
    const alignmentHeads = [
      [1, 0],
      [1, 1],
    ] as const;
    const engine = await loadSmallModel(model, { ...form, layout, alignmentHeads });
    expect(engine.alignmentHeads).toEqual(alignmentHeads);
    await engine.close();
  },
);

test.each<[string, Pick<ModelFolderForm, 'shards' | 'shardIndex'>]>([
  ['in shards', { shards: ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] }],
  [
    "in mlx-whisper's shards",
    { shards: ['weights.00.safetensors', 'weights.01.safetensors', 'weights.02.safetensors'] },
  ],
  [
    'in files of any name that an index lists',
    {
      shards: ['the first.safetensors', 'model-00002-of-00009.safetensors', 'parts/b/last.safetensors'],
      shardIndex: 'model.safetensors.index.json',
    },
  ],
])('a model %s gives what the same model in one file gives', async (_, shards) => {
  const one = await loadSmallModel(model, form);
  const several = await loadSmallModel(model, { ...form, ...shards });
  expect(several.weightBytes).toBe(one.weightBytes);
  expect(await featuresOf(several)).toEqual(await featuresOf(one));
  await one.close();
  await several.close();
});

async function featuresOf(engine: NativeModel): Promise<Float32Array> {
  const clip = { file: 'google_brooklyn.flac', startFrame: 0, frameCount: 181 };
  const encoding = await encodeWindow(engine, clip);
  const features = await readFeatures(encoding);
  encoding.close();
  return features;
}

describe('a model is refused', () => {
  test('when one of its shards is missing', async () => {
    await withTemporaryFolder(async (folder) => {
      const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
      await writeModelFolder(folder, model, { ...form, shards });
      await rm(join(folder, 'model-00002-of-00002.safetensors'));
      await expect(native.loadModel({ folder })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: `Expected 2 files of weights in ${folder}, found 1.`,
      });
    });
  });

  const odd = ['a.safetensors', 'below/b.safetensors'];

  test.each([
    ['is missing', () => undefined],
    ['is only there under a number', () => ({ 'model-00001-of-00001.safetensors': '' })],
  ])('when a file that its index lists %s', async (__, others) => {
    await withTemporaryFolder(async (folder) => {
      await writeModelFolder(folder, model, { ...form, shards: odd, shardIndex: 'weights.safetensors.index.json' });
      await rm(join(folder, 'below', 'b.safetensors'));
      for (const [name, content] of Object.entries(others() ?? {})) await writeFile(join(folder, name), content);
      await expect(native.loadModel({ folder })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: `Expected 2 files of weights in ${folder}, found 1.`,
      });
    });
  });

  test.each([
    ['no JSON', '{"weight_map": '],
    ['no map', '{"metadata": {}}'],
    ['an empty map', '{"weight_map": {}}'],
    ['a list', '{"weight_map": ["a.safetensors"]}'],
    ['files outside its folder', '{"weight_map": {"x": "../secret.safetensors"}}'],
    ['files outside its folder, by a way round', '{"weight_map": {"x": "below/../../secret.safetensors"}}'],
    ['an absolute path', '{"weight_map": {"x": "/etc/secret.safetensors"}}'],
    ['another kind of file', '{"weight_map": {"x": "pytorch_model.bin"}}'],
  ])('when its index has %s', async (__, index) => {
    await withTemporaryFolder(async (folder) => {
      await writeModelFolder(folder, model, { ...form, shards: odd, shardIndex: 'model.safetensors.index.json' });
      await writeFile(join(folder, 'model.safetensors.index.json'), index);
      await expect(native.loadModel({ folder })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: `Expected weight_map in ${join(folder, 'model.safetensors.index.json')} to name .safetensors files in its folder or below it, got something else.`,
      });
    });
  });

  test('when a tensor is missing, which is named', async () => {
    const name = 'decoder.blocks.1.mlp2.weight';
    const weights = new Map([...model.weights].filter(([each]) => each !== name));
    await expect(loadSmallModel({ ...model, weights }, form)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(name),
    });
  });

  test('when its tensors have other dimensions than it says', async () => {
    const dimensions = { ...model.dimensions, vocabularySize: 51866 };
    await expect(loadSmallModel({ ...model, dimensions }, form)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  test.each(['model.safetensors', 'weights.npz'] as const)(
    'when tensors of %s share their bytes',
    async (weightsFile) => {
      await withTemporaryFolder(async (folder) => {
        await writeModelFolder(folder, model, { ...form, weightsFile });
        const path = join(folder, weightsFile);
        await writeFile(path, withTwins(await readFile(path), weightsFile));
        await expect(native.loadModel({ folder })).rejects.toMatchObject({
          code: 'MODEL_INVALID',
          message: expect.stringMatching(/smaller than what it says it holds|members are longer than it is/),
        });
      });
    },
  );

  test('when the header of its tensors is longer than any model has', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeModelFolder(folder, model, form);
      const path = join(folder, form.weightsFile);
      const file = await readFile(path);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(5n * 2n ** 20n);
      const header = Buffer.alloc(5 * 2 ** 20, ' ');
      file.copy(header, 0, 8, 8 + Number(file.readBigUInt64LE(0)));
      await writeFile(path, Buffer.concat([length, header, file.subarray(8 + Number(file.readBigUInt64LE(0)))]));
      await expect(native.loadModel({ folder })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('header is too long'),
      });
    });
  });

  test.each(['model.safetensors', 'weights.npz'] as const)('when %s is cut short', async (weightsFile) => {
    await withTemporaryFolder(async (folder) => {
      await writeModelFolder(folder, model, { ...form, weightsFile });
      await truncate(join(folder, weightsFile), 1_000_000);
      await expect(native.loadModel({ folder })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    });
  });

  test.each([
    ['weights.npz', '<f2', '<q9'],
    ['model.safetensors', '"F16"', '"Q16"'],
    ['model.safetensors', '"shape":[128]', '"shape":"12"'],
  ] as const)('when the header of a tensor in %s says %s as %s', async (weightsFile, whole, damaged) => {
    await withTemporaryFolder(async (folder) => {
      await writeModelFolder(folder, model, { ...form, weightsFile });
      const path = join(folder, weightsFile);
      const weights = await readFile(path);
      weights.write(damaged, weights.indexOf(whole), 'latin1');
      await writeFile(path, weights);
      await expect(native.loadModel({ folder })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('damaged'),
      });
    });
  });

  test('when its weights are something else', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeModelFolder(folder, model, form);
      await writeFile(join(folder, form.weightsFile), 'Not Found');
      await expect(native.loadModel({ folder })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    });
  });
});

/** The same file with a second name for each of its tensors. */
function withTwins(file: Buffer, kind: 'model.safetensors' | 'weights.npz'): Buffer {
  if (kind === 'model.safetensors') {
    const dataStart = 8 + Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString('utf8', 8, dataStart)) as Record<string, object>;
    const twins = Object.entries(header).map(([name, entry]) => [`twin.${name}`, entry]);
    const json = Buffer.from(JSON.stringify({ ...header, ...Object.fromEntries(twins) }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([length, json, file.subarray(dataStart)]);
  }
  const end = Buffer.from(file.subarray(-22));
  const [count, length, offset] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  const directory = file.subarray(offset, offset + length);
  for (const place of [8, 10]) end.writeUInt16LE(2 * count, place);
  end.writeUInt32LE(2 * length, 12);
  return Buffer.concat([file.subarray(0, offset), directory, directory, end]);
}
