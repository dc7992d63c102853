/** Cuts white space off both ends as Python's `str.strip` does: with separators and next line, without byte order mark. */
export function strip(text: string): string {
  return text.replace(surroundingSpace, '');
}

const space = '[\\p{White_Space}\\u001c-\\u001f]';
const surroundingSpace = new RegExp(`^${space}+|${space}+$`, 'gu');
