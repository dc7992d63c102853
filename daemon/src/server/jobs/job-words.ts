import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NameCorrector, nameCorrector } from '../../clean-up/correct-names.ts';
import { createOrdinaryWords, type OrdinaryWords } from '../../dictionary/ordinary-words.ts';
import { assetsFolder } from '../../models/embedded-assets.ts';
import { resolveOptions } from '../../protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { DictionaryEntry, Replacement, WordList } from '../../protocol/words.ts';

export type JobWordLists = Pick<WordList, 'words' | 'dictionary'>;

/** What a job uses of the home's lists. */
export interface JobWords {
  readonly replacements: readonly Replacement[];
  /** Names and terms to recognise. */
  readonly dictionary: readonly DictionaryEntry[];
  /** Null where there are none. */
  readonly correctNames: NameCorrector | null;
}

/** Hands out the lists as they are now, by a job's options. They are prepared once, until they change. */
export function createJobWords(
  read: () => JobWordLists | Promise<JobWordLists>,
): (options: TranscriptionOptions) => JobWords | Promise<JobWords> {
  let last: { readonly entries: readonly DictionaryEntry[]; readonly correctNames: NameCorrector } | null = null;
  let ordinary: OrdinaryWords | null = null;

  function correctorFor(entries: readonly DictionaryEntry[]): NameCorrector {
    ordinary ??= createOrdinaryWords(readFileSync(join(assetsFolder, 'tokenizer', 'multilingual.tiktoken'), 'utf8'));
    if (last?.entries !== entries) last = { entries, correctNames: nameCorrector(entries, ordinary) };
    return last.correctNames;
  }

  function wordsIn(lists: JobWordLists, wanted: ReturnType<typeof resolveOptions>): JobWords {
    const dictionary = wanted.dictionary ? lists.dictionary : [];
    return {
      replacements: wanted.replaceWords ? lists.words : [],
      dictionary,
      correctNames: dictionary.length === 0 ? null : correctorFor(dictionary),
    };
  }

  return (options) => {
    const wanted = resolveOptions(options);
    if (!wanted.replaceWords && !wanted.dictionary) return { replacements: [], dictionary: [], correctNames: null };
    const lists = read();
    return lists instanceof Promise ? lists.then((found) => wordsIn(found, wanted)) : wordsIn(lists, wanted);
  };
}
