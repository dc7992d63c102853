import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findModel } from '../../../daemon/src/models/find-model.ts';

let downloadedModelsFolder: string;

beforeEach(async () => {
  downloadedModelsFolder = await mkdtemp(join(tmpdir(), 'hearth-models-'));
});

afterEach(() => rm(downloadedModelsFolder, { recursive: true }));

async function addModel(name: string): Promise<string> {
  const folder = join(downloadedModelsFolder, name);
  await mkdir(folder);
  await writeFile(join(folder, 'config.json'), '{}');
  return folder;
}

test('the embedded model is found by its name', async () => {
  const model = await findModel({ name: 'whisper-base-4bit', downloadedModelsFolder });
  expect(model.name).toBe('whisper-base-4bit');
  expect(model.folder).toMatch(/assets\/models\/whisper-base-4bit$/);
});

test('a downloaded model is found by its name', async () => {
  const folder = await addModel('whisper-tiny');
  expect(await findModel({ name: 'whisper-tiny', downloadedModelsFolder })).toEqual({ name: 'whisper-tiny', folder });
});

test('a model is found by the absolute path of its folder, with or without a closing slash', async () => {
  const folder = await addModel('whisper-tiny');
  expect(await findModel({ name: folder, downloadedModelsFolder })).toEqual({ name: 'whisper-tiny', folder });
  expect(await findModel({ name: `${folder}//`, downloadedModelsFolder })).toEqual({ name: 'whisper-tiny', folder });
});

test('an unknown name is answered with the models there are and the closest of them', async () => {
  await addModel('whisper-tiny');
  await expect(findModel({ name: 'whisper-tinny', downloadedModelsFolder })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    message: 'Expected the name of a model (whisper-base-4bit, whisper-tiny), got whisper-tinny.',
    hint: 'Did you mean whisper-tiny?',
  });
});

test('a name unlike every model gets no suggestion', async () => {
  await expect(findModel({ name: 'parakeet', downloadedModelsFolder })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    hint: 'Use one of the models listed, or the absolute path of a folder.',
  });
});

test('a name cannot reach out of the folders of models', async () => {
  await addModel('whisper-tiny');
  const outside = `../${downloadedModelsFolder.split('/').pop()}/whisper-tiny`;
  await expect(findModel({ name: outside, downloadedModelsFolder })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('a folder without config.json is not a model', async () => {
  await expect(findModel({ name: downloadedModelsFolder, downloadedModelsFolder })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    message: `Expected a model folder with config.json in it, got ${downloadedModelsFolder}.`,
  });
});
