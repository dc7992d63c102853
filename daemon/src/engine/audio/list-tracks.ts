import type { AudioTrack } from '../../converters/converter.ts';
import { nameOf, readLanguage } from '../../languages/read-language.ts';

/** `: 1 (English), 2 (German)` where the recording says a language of any; else nothing. */
export function listTracks(tracks: readonly AudioTrack[]): string {
  const isTold = tracks.some(({ language }) => language !== null);
  return isTold ? `: ${tracks.map(nameTrack).join(', ')}` : '';
}

function nameTrack({ number, language }: AudioTrack): string {
  return language === null ? String(number) : `${number} (${languageName(language)})`;
}

function languageName(tag: string): string {
  try {
    const code = readLanguage(tag);
    return code === undefined ? tag : nameOf(code);
  } catch {
    return tag;
  }
}
