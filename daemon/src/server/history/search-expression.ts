/** What a search means to SQLite. */
export interface SearchExpression {
  /** For the trigram index; null when no word is long enough for it. */
  readonly match: string | null;
  /** Words of one or two characters, as `LIKE` patterns. */
  readonly patterns: readonly string[];
}

const shortestIndexed = 3;

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

export function searchWords(query: string): readonly string[] {
  // SQLite ends a text at its first zero character.
  const text = query.replaceAll('\0', ' ');
  return [...text.matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, phrase]) => (phrase ?? word).trim()).filter(Boolean);
}
