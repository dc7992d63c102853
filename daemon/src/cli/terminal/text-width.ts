import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** Columns that a text takes on a terminal: wide letters and emoji take two. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** As much of a text as fits into so many columns, its end replaced by "…" when it does not fit. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment);
  return columns < 1
    ? ''
    : `${fitting(letters, columns - 1)
        .join('')
        .trimEnd()}…`;
}

/** The same with the beginning left out. */
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

/** A text followed by as many spaces as its column needs. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
