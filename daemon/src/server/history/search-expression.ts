/** What a search means to SQLite. */
export interface SearchExpression {
  /** For the trigram index; null when no word is long enough for it. */
  readonly match: string | null;
  /** Words of one or two characters, as `LIKE` patterns. */
  readonly patterns: readonly string[];
}

const shortestIndexed = 3;
/** A search runs in the daemon's one thread, and takes the longer the more characters the index is asked for. */
const [mostIndexed, longestIndexed, mostPatterns] = [6, 32, 8];
/** Characters of an excerpt, and of those before what was searched for. */
const excerptLength = 240;
const excerptLead = 60;

/** Words and "quoted phrases" of a query, each once, and of very many the longest; nothing that a user types is taken for SQLite's own syntax. */
export function searchExpression(query: string): SearchExpression {
  const words = searchWords(query);
  const short = words.filter((word) => [...word].length < shortestIndexed);
  const phrases = words
    .filter((word) => !short.includes(word))
    .toSorted((one, other) => other.length - one.length)
    .slice(0, mostIndexed)
    .map((word) => [...word].slice(0, longestIndexed).join(''));
  return {
    match: phrases.length === 0 ? null : phrases.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '),
    patterns: short.slice(0, mostPatterns).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
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
  const words = [...text.matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, phrase]) => (phrase ?? word).trim());
  return [...new Map(words.filter(Boolean).map((word) => [word.toLowerCase(), word])).values()];
}
