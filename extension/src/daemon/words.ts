import { DictionaryEntry, Replacement, WordList } from "./api";
import { requestJson } from "./request-json";

/** The dictionary, what is written for which words, and what is wrong in their file. @throws DaemonError */
export function listWords(): Promise<WordList> {
  return requestJson<WordList>({ path: "/v1/words" });
}

/** Adds an entry, in the place of `old` if it was that one. @throws DaemonError */
export async function saveWords(entry: Replacement, old?: string): Promise<void> {
  await post({ words: [entry] });
  const list = await listWords();
  // The daemon knows which spellings mean the same words: it has replaced those itself.
  const isOther = old !== undefined && old !== entry.say && list.words.some(({ say }) => say === old);
  if (isOther) await removeWords(old);
}

/** Adds a name or term to the dictionary, in the place of `old` if it was that one. @throws DaemonError */
export async function saveName(entry: DictionaryEntry, old?: string): Promise<void> {
  await post({ dictionary: [entry] });
  const { dictionary } = await listWords();
  if (old !== undefined && old !== entry.word && dictionary.some(({ word }) => word === old)) await removeName(old);
}

async function post(lists: { words: Replacement[] } | { dictionary: DictionaryEntry[] }): Promise<void> {
  await requestJson({
    method: "POST",
    path: "/v1/words",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(lists),
  });
}

/** @throws DaemonError `WORD_NOT_FOUND` */
export async function removeName(word: string): Promise<void> {
  await requestJson({ method: "DELETE", path: `/v1/words?${new URLSearchParams({ word })}` });
}

/** @throws DaemonError `WORD_NOT_FOUND` */
export async function removeWords(say: string): Promise<void> {
  await requestJson({ method: "DELETE", path: `/v1/words?${new URLSearchParams({ say })}` });
}
