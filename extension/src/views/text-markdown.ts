// Raycast draws longer documents slowly, and nobody reads them in that window.
const maxCharacters = 20_000;

/** A text as Markdown that shows it unchanged, each line as a paragraph; only the beginning if it is long. */
export function textMarkdown(text: string): string {
  const shown = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
  return shown.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\n+/g, "\n\n");
}
