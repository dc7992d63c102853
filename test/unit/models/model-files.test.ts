import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { modelIdentity } from '../../../daemon/src/engine/model-identity.ts';
import { modelFiles } from '../../../daemon/src/models/model-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-files-'));
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, 'config.json'), '{}');
  await writeFile(join(folder, 'below', 'unlisted.safetensors'), '');
});

afterEach(() => rm(folder, { recursive: true }));

async function list(names: readonly string[]): Promise<void> {
  const map = Object.fromEntries(names.map((name) => [name, name]));
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
}

test('of the folders below a model only what its index lists belongs to it', async () => {
  await list(['below/part.safetensors', 'below/missing.safetensors']);
  await writeFile(join(folder, 'below', 'part.safetensors'), '');
  expect(await modelFiles(folder)).toEqual(['below/part.safetensors', 'config.json', 'model.safetensors.index.json']);
});

test('an index that is none, or leads elsewhere, lists nothing', async () => {
  await list(['../elsewhere.safetensors']);
  expect(await modelFiles(folder)).toEqual(['config.json', 'model.safetensors.index.json']);
  await writeFile(join(folder, 'model.safetensors.index.json'), '{');
  expect(await modelFiles(folder)).toEqual(['config.json', 'model.safetensors.index.json']);
});

test('a model whose weights are all in folders below is one, and another one when they are replaced', async () => {
  await list(['below/part.safetensors']);
  expect(await modelIdentity(folder)).toBeNull();
  await writeFile(join(folder, 'below', 'part.safetensors'), 'one');
  const first = await modelIdentity(folder);
  expect(first).toContain('below/part.safetensors');
  await writeFile(join(folder, 'below', 'part.safetensors'), 'another');
  expect(await modelIdentity(folder)).not.toBe(first);
});
