import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readModelFolder } from '../../../native/model-folder.ts';

let folder: string;

const dimensions = {
  ...{ n_mels: 80, n_audio_ctx: 1500, n_audio_state: 384, n_audio_head: 6, n_audio_layer: 4 },
  ...{ n_vocab: 51865, n_text_ctx: 448, n_text_state: 384, n_text_head: 6, n_text_layer: 4 },
};
const makePipe = async (path: string) => void execFileSync('mkfifo', [path]);
const makeFolder = async (path: string) => void (await mkdir(path));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-model-'));
});

afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['config.json', 'a pipe', makePipe],
  ['config.json', 'a folder', makeFolder],
  ['model.safetensors', 'a pipe', makePipe],
  ['model.safetensors', 'a folder', makeFolder],
  ['weights.npz', 'a pipe', makePipe],
  ['generation_config.json', 'a pipe', makePipe],
])('%s that is %s is refused before it is opened', async (name, _, make) => {
  if (name !== 'config.json') await writeFile(join(folder, 'config.json'), JSON.stringify(dimensions));
  if (name === 'generation_config.json') await writeFile(join(folder, 'model.safetensors'), '');
  await make(join(folder, name));
  await expect(readModelFolder(folder)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: `Expected a file at ${join(folder, name)}, got something else.`,
  });
});

test('a model folder says where its weights are', async () => {
  await writeFile(join(folder, 'config.json'), JSON.stringify(dimensions));
  await writeFile(join(folder, 'weights.safetensors'), '');
  expect(await readModelFolder(folder)).toMatchObject({ weightsPaths: [join(folder, 'weights.safetensors')] });
});

test.each<[unknown, string]>([
  ['a secret', 'a text'],
  [-80, 'another number'],
  // The engine's 32 bits would make none of it.
  [2 ** 32, 'another number'],
  [['secret'], 'a list'],
  [{ secret: 1 }, 'an object'],
  [null, 'none'],
])('a wrong value such as %j is called %s and never quoted', async (value, kind) => {
  await writeFile(join(folder, 'model.safetensors'), '');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...dimensions, n_mels: value }));
  await expect(readModelFolder(folder)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: `Expected a whole number from 1 to 1000000 as n_mels or num_mel_bins in ${join(folder, 'config.json')}, got ${kind}.`,
  });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...dimensions, quantization: { bits: value } }));
  const refused = await readModelFolder(folder).catch((error: Error) => error.message);
  expect(refused).toMatch(/got an object\.$/);
});

test.each(['config.json', 'generation_config.json'])('%s is not read if it is too long', async (name) => {
  await writeFile(join(folder, 'model.safetensors'), '');
  await writeFile(join(folder, 'config.json'), JSON.stringify(dimensions));
  await writeFile(join(folder, name), JSON.stringify({ ...dimensions, model_type: 'x'.repeat(30_000_000) }));
  await expect(readModelFolder(folder)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining(`Expected at most 1048576 bytes in ${join(folder, name)}`),
  });
});
