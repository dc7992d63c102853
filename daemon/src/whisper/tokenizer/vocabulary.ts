import { readBytePairEncoding } from './byte-pair-encoding.ts';
import { nonSpeechTokens } from './non-speech-tokens.ts';
import { isMultilingual, type SpecialTokens, specialTokens, specialTokenText } from './special-tokens.ts';

/** A model's tokens: text by byte pairs, then the special ones. Made once per model. */
export interface Vocabulary {
  readonly special: SpecialTokens;
  readonly multilingual: boolean;
  readonly nonSpeechTokens: readonly number[];
  encode(text: string): number[];
  /** Text of the tokens below the timestamps (openai/whisper tokenizer.py `decode`). */
  decode(tokens: readonly number[]): string;
  /** Text of all tokens, timestamps written as `<|1.08|>`. */
  decodeWithTimestamps(tokens: readonly number[]): string;
}

/** `file` holds the bytes of the model's .tiktoken file. @throws `MODEL_INVALID` */
export function createVocabulary(file: Uint8Array, vocabularySize: number): Vocabulary {
  const encoding = readBytePairEncoding(file);
  const special = specialTokens(encoding.size, vocabularySize);
  const encoder = new TextEncoder();
  const decodeWithTimestamps = (tokens: readonly number[]) => {
    // A byte order mark in the middle of a recording is text like any other.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const bytes = tokens.map((token) => encoding.bytesOf(token) ?? encoder.encode(specialTokenText(token, special)));
    return decoder.decode(concatenate(bytes));
  };
  return {
    special,
    multilingual: isMultilingual(vocabularySize),
    nonSpeechTokens: nonSpeechTokens(encoding.encode),
    encode: encoding.encode,
    decode: (tokens) => decodeWithTimestamps(tokens.filter((token) => token < special.timestampBegin)),
    decodeWithTimestamps,
  };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
