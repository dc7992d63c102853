/** What a search means to SQLite. */
export interface SearchExpression {
  /** For the trigram index; null when no word is long enough for it. */
  readonly match: string | null;
  /** Words of one or two characters, as `LIKE` patterns. */
  readonly patterns: readonly string[];
}

const shortestIndexed = 3;
/** Characters of an excerpt, and of those before what was searched for. */
const excerptLength = 240;
const excerptLead = 60;

/** Words and "quoted phrases" of a query; nothing that a user types is taken for SQLite's own syntax. */
export function searchExpression(query: string): SearchExpression {
  const words = searchWords(query);
  const indexed = words.filter((word) => [...word].length >= shortestIndexed);
  const short = words.filter((word) => [...word].length < shortestIndexed);
  return {
    match: indexed.length === 0 ? null : indexed.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '),
    patterns: short.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
  };
}

/** The part of a text that a list shows: around the first word that was searched for, else its beginning. */
export function excerpt(text: string, query: string): string {
  const whole = text.trim();
  const lower = whole.toLowerCase();
  const places = searchWords(query).map((word) => lower.indexOf(word.toLowerCase()));
  const found = places.filter((place) => place >= 0);
  const place = found.length === 0 ? 0 : Math.min(...found);
  const start =
    place <= excerptLead ? 0 : Math.max(0, whole.indexOf(' ', place - excerptLead) + 1 || place - excerptLead);
  const end = start + excerptLength;
  const cut = whole.slice(start, end);
  return `${start > 0 ? '… ' : ''}${cut}${end < whole.length ? ' …' : ''}`.toWellFormed();
}

function searchWords(query: string): readonly string[] {
  // SQLite ends a text at its first zero character.
  const text = query.replaceAll('\0', ' ');
  return [...text.matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, phrase]) => (phrase ?? word).trim()).filter(Boolean);
}
