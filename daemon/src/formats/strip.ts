/** Strips white space from both ends like Python's `str.strip`: including separators and next line, not byte order marks. */
export function strip(text: string): string {
  return text.replace(surroundingSpace, '');
}

const space = '[\\p{White_Space}\\u001c-\\u001f]';
const surroundingSpace = new RegExp(`^${space}+|${space}+$`, 'gu');
