import type { DictionaryEntry } from '../protocol/words.ts';
import type { Dictionary, NearWord } from './create-dictionary.ts';
import type { OrdinaryWords } from './ordinary-words.ts';

/** More before a window than it may hold makes a model write them where nobody says them. */
const mostWords = 6;
/** Mean of how alike two words sound and are spelled from which one may be meant by the other. */
const nearEnough = 0.6;
/** The same where the text has ordinary words, which are rarely mis-heard ones. */
const nearEnoughToOrdinary = 0.8;

/** The words of the dictionary that a text may mean where it writes something else, the likeliest first. */
export function chooseWords(
  text: string,
  {
    dictionary,
    language,
    isOrdinary,
  }: { readonly dictionary: Dictionary; readonly language: string; readonly isOrdinary: OrdinaryWords },
): readonly DictionaryEntry[] {
  const near = dictionary.findNear(text, language);
  const written = near.filter(({ isWritten }) => isWritten);
  const likeliest = new Map<DictionaryEntry, number>();
  for (const each of near) {
    // It is known already, or another one is right there.
    if (written.some((other) => other.entry === each.entry || overlaps(other, each))) continue;
    const surplus = meanOf(each) - (each.said.every(isOrdinary) ? nearEnoughToOrdinary : nearEnough);
    if (surplus >= 0) likeliest.set(each.entry, Math.max(likeliest.get(each.entry) ?? 0, surplus));
  }
  return [...likeliest]
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostWords)
    .map(([entry]) => entry);
}

function overlaps(one: NearWord, other: NearWord): boolean {
  return one.start < other.end && other.start < one.end;
}

function meanOf({ spelled, sounded }: NearWord): number {
  return (spelled + sounded) / 2;
}
