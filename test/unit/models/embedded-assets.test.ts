import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { vocabularyFile } from '../../../daemon/src/models/embedded-assets.ts';

let modelFolder: string;

beforeEach(async () => {
  modelFolder = await mkdtemp(join(tmpdir(), 'hearth-model-'));
});

afterEach(() => rm(modelFolder, { recursive: true }));

test.each([
  [51864, /assets\/tokenizer\/gpt2\.tiktoken$/],
  [51865, /assets\/tokenizer\/multilingual\.tiktoken$/],
  [51866, /assets\/tokenizer\/multilingual\.tiktoken$/],
])('a model of %i tokens without its own vocabulary gets the embedded one', async (vocabularySize, expected) => {
  expect(await vocabularyFile(modelFolder, vocabularySize)).toMatch(expected);
});

test('the vocabulary in the model folder goes first', async () => {
  await writeFile(join(modelFolder, 'multilingual.tiktoken'), '');
  expect(await vocabularyFile(modelFolder, 51866)).toBe(join(modelFolder, 'multilingual.tiktoken'));
});

test('what is no file in the place of the vocabulary is refused before it is opened', async () => {
  await mkdir(join(modelFolder, 'multilingual.tiktoken'));
  await expect(vocabularyFile(modelFolder, 51866)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});
