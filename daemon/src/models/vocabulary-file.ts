import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { assetsFolder } from './assets-folder.ts';

const englishOnlyVocabularySize = 51864;

/** The tiktoken file that a model's token ids refer to: the model folder's own, else the embedded one. */
export async function vocabularyFile(modelFolder: string, vocabularySize: number): Promise<string> {
  const name = vocabularySize === englishOnlyVocabularySize ? 'gpt2.tiktoken' : 'multilingual.tiktoken';
  const own = join(modelFolder, name);
  return access(own).then(
    () => own,
    () => join(assetsFolder, 'tokenizer', name),
  );
}
