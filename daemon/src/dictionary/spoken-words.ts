/** Scripts that put no spaces between words: each character is taken as one. */
const unspaced = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
const anyWord = new RegExp(String.raw`${unspaced}\p{M}*|(?:(?!${unspaced})[\p{L}\p{M}\p{N}ー])+`, 'gu');
const writtenInTwo: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', þ: 'th' };

const startsUnspaced = new RegExp(`^${unspaced}`, 'u');

export interface SpokenWord {
  readonly text: string;
  /** Without capitals and accents. */
  readonly letters: string;
  /** In UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
}

/** The words of a text: runs of letters and digits. An apostrophe or a hyphen ends one. */
export function spokenWords(text: string): readonly SpokenWord[] {
  return [...text.matchAll(anyWord)].map(({ 0: word, index: start }) => {
    return { text: word, letters: lettersOf(word), start, end: start + word.length };
  });
}

export function isUnspaced({ text }: SpokenWord): boolean {
  return startsUnspaced.test(text);
}

/** Letters and digits of a text, without capitals and accents; those of Hangul syllables one by one. */
export function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .replaceAll(/[ßæœøđłþ]/gu, (letter) => writtenInTwo[letter] ?? letter)
    .replaceAll(/[^\p{L}\p{M}\p{N}ー]/gu, '');
}
