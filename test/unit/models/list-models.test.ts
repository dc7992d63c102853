import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listModels } from '../../../daemon/src/models/list-models.ts';

let downloadedModelsFolder: string;

beforeEach(async () => {
  downloadedModelsFolder = await mkdtemp(join(tmpdir(), 'hearth-models-'));
});

afterEach(() => rm(downloadedModelsFolder, { recursive: true }));

test('the embedded model is listed when nothing was ever downloaded', async () => {
  const models = await listModels(join(downloadedModelsFolder, 'missing'));
  expect(models.map((model) => model.name)).toEqual(['whisper-base-4bit']);
});

test('a downloaded model hides the embedded one of the same name', async () => {
  const folder = join(downloadedModelsFolder, 'whisper-base-4bit');
  await mkdir(folder);
  await writeFile(join(folder, 'config.json'), '{}');
  expect(await listModels(downloadedModelsFolder)).toEqual([{ name: 'whisper-base-4bit', folder }]);
});

test('folders that are not models are left out', async () => {
  await mkdir(join(downloadedModelsFolder, 'half-downloaded'));
  await writeFile(join(downloadedModelsFolder, 'notes.txt'), '');
  const models = await listModels(downloadedModelsFolder);
  expect(models.map((model) => model.name)).toEqual(['whisper-base-4bit']);
});
