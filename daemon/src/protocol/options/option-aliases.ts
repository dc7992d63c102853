/** What other programs and people call options, and how Hearth does; a value after "=" belongs to it. */
const aliases: Readonly<Record<string, string>> = {
  beams: 'beamSize',
  clip: 'clipTimestamps',
  l: 'language',
  lang: 'language',
  languages: 'language',
  keywords: 'hotwords',
  locale: 'language',
  m: 'model',
  prompt: 'initialPrompt',
  translate: 'task=translate',
  vadFilter: 'vad',
  vocabulary: 'hotwords',
  words: 'wordTimestamps',
};

/** The option that somebody means by a name that is none, `--` and other programs' spelling aside; null when none is known. */
export function meantOption(given: string, known: readonly string[]): string | null {
  const name = given
    .replace(/^-+/, '')
    .replace(/=.*/s, '')
    .replace(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const meant = Object.hasOwn(aliases, name) ? (aliases[name] as string) : name;
  return known.includes(meant.replace(/=.*/, '')) ? meant : null;
}
