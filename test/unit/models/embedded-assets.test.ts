import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { assetsFolder, readVocabulary } from '../../../daemon/src/models/embedded-assets.ts';

let modelFolder: string;

beforeEach(async () => {
  modelFolder = await mkdtemp(join(tmpdir(), 'hearth-model-'));
});

afterEach(() => rm(modelFolder, { recursive: true }));

test.each([
  [51864, 'gpt2.tiktoken'],
  [51865, 'multilingual.tiktoken'],
  [51866, 'multilingual.tiktoken'],
])('a model of %i tokens without its own vocabulary gets the embedded one', async (vocabularySize, name) => {
  const embedded = await readFile(join(assetsFolder, 'tokenizer', name));
  expect((await readVocabulary(modelFolder, vocabularySize)).equals(embedded)).toBe(true);
});

test('the vocabulary in the model folder goes first', async () => {
  await writeFile(join(modelFolder, 'multilingual.tiktoken'), 'own');
  expect(String(await readVocabulary(modelFolder, 51866))).toBe('own');
});

test('a vocabulary that is too long is refused', async () => {
  const path = join(modelFolder, 'multilingual.tiktoken');
  await writeFile(path, '');
  await truncate(path, 2 ** 33);
  await expect(readVocabulary(modelFolder, 51866)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: `Expected a vocabulary at ${path}, but it is too large.`,
  });
});

test('what is no file in the place of the vocabulary is refused before it is opened', async () => {
  await mkdir(join(modelFolder, 'multilingual.tiktoken'));
  await expect(readVocabulary(modelFolder, 51866)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});
