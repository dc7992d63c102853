import { cutToWidth, padToWidth, textWidth } from './text-width.ts';
import { wrapText } from './wrap-text.ts';

export interface TextTableRequest {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of the window, to which lines are cut; null for a pipe or a file, where every line is whole. */
  readonly columns: number | null;
  /** In a window that is too narrow: each row below its first cell, with nothing left out. */
  readonly isWhole?: boolean;
}

const indent = 2;

/** Rows of cells in aligned columns, cut to the width of the window unless they are to stay whole. */
export function textTable({ header, rows, columns, isWhole = false }: TextTableRequest): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ''))));
  const lines = all
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0))))
    .map((row) => row.join('  ').trimEnd());
  if (columns === null) return lines.map((line) => `${line}\n`).join('');
  if (isWhole && lines.some((line) => textWidth(line) > columns)) return records({ header, rows, columns });
  return lines.map((line) => `${cutToWidth(line, columns)}\n`).join('');
}

function records({ header, rows, columns }: TextTableRequest & { readonly columns: number }): string {
  return rows
    .map(([first = '', ...others]) => {
      const cells = others.map((cell, index) => (cell === '' ? [] : `${header[index + 1]?.toLowerCase()}: ${cell}`));
      return `${cutToWidth(first, columns)}\n${wrapText(cells.flat().join('; '), { columns, indent })}`;
    })
    .join('');
}

/** The width of the terminal behind standard output; null if it is not a terminal. */
export function outputColumns(): number | null {
  return process.stdout.isTTY ? process.stdout.columns || 80 : null;
}
