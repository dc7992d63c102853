import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** Columns that a text takes on a terminal: wide letters and emoji take two. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** The text cut to so many columns, with "…" for the end that does not fit. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment);
  return columns < 1
    ? ''
    : `${fitting(letters, columns - 1)
        .join('')
        .trimEnd()}…`;
}

/** The same, with "…" for the start. */
export function cutBeginningToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment).reverse();
  return columns < 1
    ? ''
    : `…${fitting(letters, columns - 1)
        .reverse()
        .join('')
        .trimStart()}`;
}

function fitting(letters: readonly string[], columns: number): string[] {
  let used = 0;
  const end = letters.findIndex((letter) => {
    used += textWidth(letter);
    return used > columns;
  });
  return letters.slice(0, end === -1 ? undefined : end);
}

/** The text filled with spaces to so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
