/** What splitting needs of a tokenizer. */
export interface WordSplitter {
  readonly language: string;
  readonly endOfText: number;
  /** Text of the tokens, timestamps and other special tokens included. */
  readonly decodeWithTimestamps: (tokens: readonly number[]) => string;
}

export interface WordTokens {
  readonly word: string;
  readonly tokens: readonly number[];
}

const languagesWithoutSpaces = new Set(['zh', 'ja', 'th', 'lo', 'my', 'yue']);
const replacementCharacter = '\ufffd';
/** Python's `string.punctuation`. */
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** openai/whisper tokenizer.py `split_to_word_tokens`. */
export function splitToWords(tokens: readonly number[], splitter: WordSplitter): WordTokens[] {
  const characters = splitOnCharacters(tokens, splitter);
  return languagesWithoutSpaces.has(splitter.language) ? characters : joinUntilSpace(characters, splitter.endOfText);
}

/** Splits wherever the tokens so far are whole Unicode characters. */
function splitOnCharacters(tokens: readonly number[], { decodeWithTimestamps }: WordSplitter): WordTokens[] {
  const whole = [...decodeWithTimestamps(tokens)];
  const parts: WordTokens[] = [];
  let pending: number[] = [];
  let offset = 0;
  for (const token of tokens) {
    pending.push(token);
    const word = decodeWithTimestamps(pending);
    const characters = [...word];
    const broken = characters.indexOf(replacementCharacter);
    // A replacement character that stands in the whole text too was said, not cut.
    if (broken === -1 || whole[offset + broken] === replacementCharacter) {
      parts.push({ word, tokens: pending });
      pending = [];
      offset += characters.length;
    }
  }
  return parts;
}

function joinUntilSpace(parts: readonly WordTokens[], endOfText: number): WordTokens[] {
  const words: WordTokens[] = [];
  for (const part of parts) {
    const special = (part.tokens[0] as number) >= endOfText;
    const startsWord = special || part.word.startsWith(' ') || punctuation.includes(part.word.trim());
    const previous = words.at(-1);
    if (startsWord || previous === undefined) words.push(part);
    else words[words.length - 1] = { word: previous.word + part.word, tokens: [...previous.tokens, ...part.tokens] };
  }
  return words;
}
