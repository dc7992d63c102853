/** Names that other programs and people use for options, with Hearth's name. A value may follow after "=". */
const aliases: Readonly<Record<string, string>> = {
  beams: 'beamSize',
  channel: 'audioChannels',
  // The command line's names, where they differ.
  channels: 'audioChannels',
  rawChannels: 'channels',
  clip: 'clipTimestamps',
  l: 'language',
  lang: 'language',
  keywords: 'hotwords',
  locale: 'language',
  m: 'model',
  prompt: 'initialPrompt',
  speakers: 'speakerNames',
  track: 'audioTrack',
  translate: 'task=translate',
  vadFilter: 'vad',
  vocabulary: 'hotwords',
  words: 'wordTimestamps',
};

/** The option meant by an unknown name, ignoring `--` and other programs' spelling; null if there is none. */
export function meantOption(given: string, known: readonly string[]): string | null {
  const name = given
    .replace(/^-+/, '')
    .replace(/=.*/s, '')
    .replace(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const meant = Object.hasOwn(aliases, name) ? (aliases[name] as string) : name;
  return known.includes(meant.replace(/=.*/, '')) ? meant : null;
}
