import { visibleLines } from '../../errors/visible-text.ts';

/** Prints text on standard output: as it is into a pipe or a file, without anything that a terminal would obey on one. */
export function printText(text: string): void {
  process.stdout.write(process.stdout.isTTY ? visibleLines(text) : text);
}

/** Prints JSON for programs; on a terminal its texts hold nothing that a terminal would obey. */
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

/** Says something to whoever runs the command, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${visibleLines(text)}\n`);
}

/** Says what is wrong. */
export function complain(text: string): void {
  say(`hearth: ${text}`);
}
