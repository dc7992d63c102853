import { readFileSync } from 'node:fs';
import type { SpecialTokens } from '../../../../daemon/src/whisper/tokenizer/special-tokens.ts';

type ShapeName = 'english-only' | 'v2' | 'v3';

interface Shape {
  readonly vocabularySize: number;
  readonly special: SpecialTokens;
  readonly languageTokens: readonly number[];
  readonly sotSequence: readonly number[];
  readonly nonSpeechTokens: readonly number[];
  readonly mixed: { readonly tokens: readonly number[]; readonly decoded: string; readonly withTimestamps: string };
}

/** What openai-whisper's tokenizers answer; see make_tokenizer.py beside the file. */
export const tokenizerOracle: {
  readonly texts: readonly string[];
  readonly multilingual: readonly (readonly number[])[];
  readonly 'english-only': readonly (readonly number[])[];
  readonly fragments: readonly { readonly tokens: readonly number[]; readonly text: string }[];
  readonly shapes: Readonly<Record<ShapeName, Shape>>;
  readonly languageCodes: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync(new URL('../../../fixtures/tokenizer/tokenizer.json', import.meta.url), 'utf8'));
