import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HearthError } from '../errors/hearth-error.ts';

const englishOnlyVocabularySize = 51864;

/** The `assets` folder of this installation, three levels up from both the sources and their build. */
export const assetsFolder = fileURLToPath(new URL('../../../assets', import.meta.url));

/** The tiktoken file for a model's token ids: the one in the model's folder, or the embedded one. @throws `MODEL_INVALID` */
export async function vocabularyFile(modelFolder: string, vocabularySize: number): Promise<string> {
  const name = vocabularySize === englishOnlyVocabularySize ? 'gpt2.tiktoken' : 'multilingual.tiktoken';
  const own = join(modelFolder, name);
  const status = await stat(own).catch(() => null);
  if (status === null) return join(assetsFolder, 'tokenizer', name);
  // Opening a pipe would block.
  if (status.isFile()) return own;
  throw new HearthError('MODEL_INVALID', `Expected a file at ${own}, got something else.`);
}
