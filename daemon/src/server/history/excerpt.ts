import { searchWords } from './search-expression.ts';

const length = 240;
const lead = 60;

/** The part of a text that a list shows: around the first word that was searched for, else its beginning. */
export function excerpt(text: string, query: string): string {
  const whole = text.trim();
  const lower = whole.toLowerCase();
  const places = searchWords(query).map((word) => lower.indexOf(word.toLowerCase()));
  const found = places.filter((place) => place >= 0);
  const place = found.length === 0 ? 0 : Math.min(...found);
  const start = place <= lead ? 0 : Math.max(0, whole.indexOf(' ', place - lead) + 1 || place - lead);
  const end = start + length;
  const cut = whole.slice(start, end);
  return `${start > 0 ? '… ' : ''}${cut}${end < whole.length ? ' …' : ''}`.toWellFormed();
}
