import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { readGivenFile } from '../settings/read-given-file.ts';

const englishOnlyVocabularySize = 51864;
/** Ten times Whisper's own. */
const mostVocabularyBytes = 8 * 1024 * 1024;

/** The `assets` folder of this installation, three levels up from both the sources and their build. */
export const assetsFolder = fileURLToPath(new URL('../../../assets', import.meta.url));

/** The tiktoken file for a model's token ids: the one in the model's folder, or the embedded one. @throws `MODEL_INVALID` */
export async function readVocabulary(modelFolder: string, vocabularySize: number): Promise<Buffer> {
  const name = vocabularySize === englishOnlyVocabularySize ? 'gpt2.tiktoken' : 'multilingual.tiktoken';
  const own = join(modelFolder, name);
  try {
    return await readGivenFile(own, mostVocabularyBytes);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return readFile(join(assetsFolder, 'tokenizer', name));
    throw new HearthError('MODEL_INVALID', `Expected a vocabulary at ${own}, but ${systemReason(cause)}.`, { cause });
  }
}
