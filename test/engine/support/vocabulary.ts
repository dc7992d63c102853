import { readFileSync } from 'node:fs';
import { createVocabulary, type Vocabulary } from '../../../daemon/src/whisper/tokenizer/vocabulary.ts';

export function readVocabulary(name: 'multilingual' | 'gpt2', vocabularySize: number): Vocabulary {
  const file = readFileSync(new URL(`../../../assets/tokenizer/${name}.tiktoken`, import.meta.url));
  return createVocabulary(file, vocabularySize);
}
