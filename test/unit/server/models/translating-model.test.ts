import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import { embeddedModelsFolder } from '../../../../daemon/src/models/list-models.ts';
import { createTranslatingModel } from '../../../../daemon/src/server/models/translating-model.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-translating-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ n_vocab: 51864, n_audio_layer: 4, n_text_layer: 4 }));
});

afterAll(() => rm(folder, { recursive: true }));

const whole = 'whisper-base-4bit';

async function find(name: string) {
  if (name === 'gone') throw new HearthError('MODEL_NOT_FOUND', 'Expected the name of a model, got gone.');
  return { name, folder: name === whole ? join(embeddedModelsFolder, whole) : folder };
}

test('no model is named, or one that translates', async () => {
  expect((await createTranslatingModel('', find)).warning()).toBeNull();
  expect((await createTranslatingModel(whole, find)).warning()).toBeNull();
});

test('one that is missing is told, until it is there', async () => {
  const model = await createTranslatingModel('gone', find);
  expect(model.warning()).toBe('The setting translateModel has no effect. Expected the name of a model, got gone.');
  (await model.prepare(whole))();
  expect(model.warning()).toBeNull();
});

test('one that does not translate is told', async () => {
  const model = await createTranslatingModel(whole, find);
  (await model.prepare('english'))();
  expect(model.warning()).toBe(
    'The setting translateModel names english, which does not translate. Name one that does.',
  );
  (await model.prepare(''))();
  expect(model.warning()).toBeNull();
});
