/** An outside value, shortened if it is too long for a message. */
export function shorten(text: string, most = 100): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`.toWellFormed();
}
