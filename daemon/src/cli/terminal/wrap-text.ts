import { textWidth } from './text-width.ts';

/** A text in lines of at most so many columns, each behind spaces; a word that is longer than a line stays whole. */
export function wrapText(text: string, { columns, indent }: { readonly columns: number; readonly indent: number }) {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && indent + textWidth(last) + 1 + textWidth(word) <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}\n`).join('');
}
