import type { Dictionary, NearWord } from './create-dictionary.ts';
import { capitalizesNouns, type OrdinaryWords } from './ordinary-words.ts';
import { isUnspaced, lettersOf } from './spoken-words.ts';

/** A part of a text that is a word of the dictionary, written otherwise. */
export interface Misheard {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

/** Shorter ones sound like too much. */
const fewestLetters = 5;
/** How much of its spelling a word has to share with a word that sounds the same. */
const alikeAsName = 0.7;
const alike = 0.8;

/**
 * What sounds as a word of the dictionary and is spelled nearly as it is, without being an ordinary word. It is strict: who
 * wants more writes down what is heard.
 */
export function findMisheard(
  text: string,
  {
    dictionary,
    language,
    isOrdinary,
  }: { readonly dictionary: Dictionary; readonly language: string; readonly isOrdinary: OrdinaryWords },
): readonly Misheard[] {
  const near = dictionary.findNear(text, language);
  const written = near.filter(({ isWritten }) => isWritten);
  const found = near
    .filter((each) => (each.isWritten ? isOwnSpelling(each, text, isOrdinary) : isMisheard(each)))
    .sort((one, other) => scoreOf(other) - scoreOf(one) || other.end - other.start - (one.end - one.start));
  const kept: NearWord[] = [];
  for (const each of found) if (!kept.some((other) => overlaps(each, other))) kept.push(each);
  return kept
    .map(({ start, end, entry }) => ({ start, end, word: entry.word }))
    .sort((one, other) => one.start - other.start);

  function isMisheard(each: NearWord): boolean {
    const { said, spelled, sounded, start, end } = each;
    const letters = said.map((word) => word.letters).join('');
    if (letters.length < fewestLetters || said.some(isUnspaced) || sounded < 1) return false;
    if (hasOtherEnding(letters, lettersOf(each.entry.word))) return false;
    if (said.every(isOrdinary)) return false;
    // Another word of the dictionary is right there.
    if (written.some((other) => overlaps(each, other))) return false;
    if (/^['’](?!s(?!\p{L}))\p{L}/iu.test(text.slice(end))) return false;
    const isName = said.length === 1 && !capitalizesNouns.has(language) && hasCapital(each, text);
    return spelled >= (isName && start > 0 ? alikeAsName : alike);
  }
}

/** Whether two words differ in their last letter, or by another one behind it: forms of one word, such as `alcuni`. */
function hasOtherEnding(one: string, other: string): boolean {
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  return (
    shorter !== longer && longer.length - shorter.length <= 1 && longer.startsWith(shorter.slice(0, longer.length - 1))
  );
}

/** A capital that no start of a sentence explains. */
function hasCapital({ start }: NearWord, text: string): boolean {
  const before = text.slice(0, start).trimEnd();
  return /^\p{Lu}/u.test(text.slice(start)) && before !== '' && !/[!.?…:]["'”’)]*$/u.test(before);
}

/** The letters are right, and only capitals, spaces or signs differ: `Comfy UI` for `ComfyUI`, but not `may` for `May`. */
function isOwnSpelling({ said, entry, start, end }: NearWord, text: string, isOrdinary: OrdinaryWords): boolean {
  const { word } = entry;
  const written = text.slice(start, end);
  if (written === word || written.normalize('NFC') === word.normalize('NFC')) return false;
  if (said.length === 1 && word.toLowerCase() === word && written.toLowerCase() === word) return false;
  const hasUnknown = !said.every(isOrdinary);
  if (said.length === 1) return hasUnknown || hasOwnShape(word);
  return hasUnknown || (hasOwnShape(word) && said.every((each) => each.letters.length > 1));
}

/** Capitals within it, digits or signs. */
function hasOwnShape(word: string): boolean {
  return /\p{L}[\p{Lu}\p{N}]|[^\p{L}\p{M}]/u.test(word);
}

function scoreOf({ spelled, sounded, isWritten }: NearWord): number {
  return isWritten ? 3 : spelled + sounded;
}

function overlaps(one: NearWord, other: NearWord): boolean {
  return one.start < other.end && other.start < one.end;
}
