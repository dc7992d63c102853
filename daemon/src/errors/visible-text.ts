/** C0 and C1 controls, DEL, separators that some programs treat as line breaks, and characters that reverse text. */
const invisible = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Outside text on one line, so that it cannot move the cursor, fake a line or reverse other text. */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(invisible, (character) => names[character] ?? escaped(character));
}

/** The same for text of several lines. Line breaks and tabs stay. */
export function visibleLines(text: string): string {
  const keeps = (character: string) => character === '\n' || character === '\t';
  return text.toWellFormed().replace(invisible, (character) => (keeps(character) ? character : escaped(character)));
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
