import type { AudioTrack } from '../../converters/converter.ts';
import { shorten } from '../../errors/shorten.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { nameOf, readLanguage } from '../../languages/read-language.ts';

/** `: 1 (English, "Commentary", aac), 2 (German, ac3)`, as far as the recording tells; else nothing. */
export function listTracks(tracks: readonly AudioTrack[]): string {
  const isTold = tracks.some((track) => factsOf(track).length > 0);
  return isTold ? `: ${tracks.map(nameTrack).join(', ')}` : '';
}

function nameTrack(track: AudioTrack): string {
  const facts = factsOf(track);
  return facts.length === 0 ? String(track.number) : `${track.number} (${facts.join(', ')})`;
}

function factsOf({ language, title, codec }: AudioTrack): readonly string[] {
  const facts = [
    language === null ? null : languageName(language),
    title === null ? null : `"${shorten(visibleText(title))}"`,
    codec,
  ];
  return facts.filter((fact) => fact !== null);
}

/** What a container's language code is called; one that Whisper lacks is itself. */
export function languageName(tag: string): string {
  try {
    const code = readLanguage(tag);
    return code === undefined ? tag : nameOf(code);
  } catch {
    return tag;
  }
}
