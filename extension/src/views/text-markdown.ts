// Raycast draws a longer document slowly, and nobody reads it in that window.
const maxCharacters = 20_000;

/** A text as markdown that shows it as it is, each line a paragraph; the start of it where it is long. */
export function textMarkdown(text: string): string {
  const shown = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
  return shown.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\n+/g, "\n\n");
}
