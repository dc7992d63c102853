import { languageAliases, languages } from './languages.ts';

/** The code of a language given as a code or an English name, in any case; undefined for one that Whisper lacks. */
export function languageCode(codeOrName: string): string | undefined {
  const wanted = codeOrName.trim().toLowerCase();
  const found = languages.find(([code, name]) => code === wanted || name === wanted);
  return found?.[0] ?? languageAliases.get(wanted);
}
