import { createDictionary } from '../dictionary/create-dictionary.ts';
import { findMisheard } from '../dictionary/misheard-words.ts';
import type { OrdinaryWords } from '../dictionary/ordinary-words.ts';
import type { DictionaryEntry } from '../protocol/words.ts';
import { changeSaid, type Piece } from './pieces.ts';
import { phraseReplacer } from './replace-phrases.ts';

/** Writes names as the dictionary has them, in texts of one language. */
export type NameCorrector = (language: string) => (pieces: readonly Piece[]) => Piece[];

/** What an entry lists as mis-heard is always replaced; then what is near a word by sound and spelling. */
export function nameCorrector(entries: readonly DictionaryEntry[], isOrdinary: OrdinaryWords): NameCorrector {
  const dictionary = createDictionary(entries);
  const replacers = new Map<string, (pieces: readonly Piece[]) => Piece[]>();

  function replacerFor(language: string) {
    const known = replacers.get(language);
    if (known !== undefined) return known;
    const own = entries.filter((entry) => entry.language === undefined || entry.language === language);
    const made = phraseReplacer(
      own.flatMap(({ word, soundsLike = [] }) => soundsLike.map((say) => ({ say, write: word }))),
    );
    replacers.set(language, made);
    return made;
  }

  return (language) => {
    const replace = replacerFor(language);
    return (pieces) =>
      changeSaid(replace(pieces), (text) =>
        findMisheard(text, { dictionary, language, isOrdinary }).map(({ start, end, word }) => ({
          start,
          end,
          becomes: { text: word, kind: 'written' },
        })),
      );
  };
}
