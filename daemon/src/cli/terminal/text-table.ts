import { cutToWidth, padToWidth, textWidth } from './text-width.ts';

export interface TextTableRequest {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of the window, to which lines are cut; null for a pipe or a file, where every line is whole. */
  readonly columns: number | null;
}

/** Rows of cells in aligned columns; only the last column is cut, to the width of the window. */
export function textTable({ header, rows, columns }: TextTableRequest): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ''))));
  return all
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0))))
    .map((row) => row.join('  ').trimEnd())
    .map((line) => `${columns === null ? line : cutToWidth(line, columns)}\n`)
    .join('');
}

/** The width of the terminal behind standard output; null if it is not a terminal. */
export function outputColumns(): number | null {
  return process.stdout.isTTY ? process.stdout.columns || 80 : null;
}
