import { cutToWidth, padToWidth, textWidth } from './text-width.ts';

export interface TextTableRequest {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of the window, which a line is cut to; null for a pipe or a file, where every line is whole. */
  readonly columns: number | null;
}

/** Rows of cells in columns that line up; the last column is as long as it is, or as long as the window allows. */
export function textTable({ header, rows, columns }: TextTableRequest): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ''))));
  return all
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0))))
    .map((row) => row.join('  ').trimEnd())
    .map((line) => `${columns === null ? line : cutToWidth(line, columns)}\n`)
    .join('');
}

/** The columns of the terminal that standard output is; null when it is none. */
export function outputColumns(): number | null {
  return process.stdout.isTTY ? process.stdout.columns || 80 : null;
}
