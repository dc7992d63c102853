import { visibleLines } from '../../errors/visible-text.ts';

/** Prints text on standard output: unchanged into a pipe or a file, and without control characters on a terminal. */
export function printText(text: string): void {
  process.stdout.write(process.stdout.isTTY ? visibleLines(text) : text);
}

/** Prints JSON for programs; on a terminal, control characters in it are escaped. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2);
  process.stdout.write(`${process.stdout.isTTY ? escapedJson(text) : text}\n`);
}

/** JSON itself escapes only what is below a space. */
function escapedJson(text: string): string {
  return text.replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Prints a line on standard error. */
export function log(text: string): void {
  process.stderr.write(`${visibleLines(text)}\n`);
}

/** Prints a warning or an error on standard error. */
export function warn(text: string): void {
  log(`hearth: ${text}`);
}
