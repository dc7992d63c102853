/** A character without what makes no difference, and the part of the text that it stands for. */
export interface FoldedCharacter {
  readonly text: string;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Capitals, spaces, hyphens, apostrophes and the two ways to write an accent make no difference. */
export function foldCharacters(text: string): readonly FoldedCharacter[] {
  // A run of spaces and hyphens, or a character with its accents.
  return [...text.matchAll(/[\s-]+|.\p{M}*/gsu)].flatMap(({ 0: part, index: start }) => {
    const end = start + part.length;
    if (/^[\s-]/u.test(part)) return [{ text: ' ', start, end }];
    const folded = part.normalize('NFC').toLowerCase().normalize('NFC').replaceAll('’', "'");
    return [...folded].map((character) => ({ text: character, start, end }));
  });
}

/** The same for every way to write a phrase. */
export function phraseKey(phrase: string): string {
  return foldCharacters(phrase.trim())
    .map(({ text }) => text)
    .join('')
    .trim();
}
