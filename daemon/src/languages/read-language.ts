import leven from 'leven';
import { HearthError } from '../errors/hearth-error.ts';
import { shorten } from '../errors/shorten.ts';
import { languageOfName } from './language-names.ts';
import { languages } from './languages.ts';

/** What systems and clients send to ask for detection: nothing, BCP 47's `und` and `mul`, or POSIX's own locale. */
const detected = new Set([
  ...['', 'auto', 'automatic', 'detect', 'und', 'mul', 'c', 'posix'],
  // Other services' word, and what programs make of a value that is not there.
  ...['multi', 'none', 'null', 'undefined'],
]);

/** Languages for which CLDR prefers another code than Whisper's, and those that Whisper writes as another. */
const whisperCodes: Readonly<Record<string, string>> = {
  ...{ jv: 'jw', nb: 'no', fil: 'tl', gsw: 'de', azb: 'az' },
  // Dialects with codes of their own, which CLDR keeps apart.
  ...{ acm: 'ar', acq: 'ar', aeb: 'ar', ajp: 'ar', apc: 'ar', apd: 'ar', ars: 'ar', ary: 'ar', arz: 'ar' },
};

const names = new Map(languages);

/**
 * Whisper's code of a language, however systems and clients write it: `de`, `de-AT`, `en_US.UTF-8`, `zh-Hans`, `deu`, `iw`,
 * `German`, `Deutsch`, `Chinese (Simplified)`. Undefined if the language should be detected.
 * @throws `OPTION_INVALID` with the closest suggestions
 */
export function readLanguage(given: string): string | undefined {
  // A locale's character set and modifier say nothing about the language.
  const wanted = given
    .trim()
    .toLowerCase()
    .replace(/[.@].*$/, '')
    .replaceAll('_', '-');
  if (detected.has(wanted)) return undefined;
  const code = names.has(wanted) ? wanted : (languageOfName(given) ?? languageOfTag(wanted));
  if (code !== undefined) return code;
  const suggestions = suggest(wanted);
  throw new HearthError('OPTION_INVALID', `Expected a language, such as de or German, got ${shorten(given)}.`, {
    hint: /[,;|]/.test(given)
      ? 'Of several, `languages` lets detection choose one.'
      : suggestions.length === 0
        ? 'Leave it out to have the language detected.'
        : `Did you mean ${suggestions.map((each) => `${nameOf(each)} (${each})`).join(', ')}?`,
  });
}

/** The English name of the language, capitalised. */
export function nameOf(code: string): string {
  return (names.get(code) ?? code).replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** Drops region and script. Old codes, three-letter codes and codes of dialects are replaced as in CLDR. */
function languageOfTag(tag: string): string | undefined {
  if (!/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/.test(tag)) return undefined;
  const [primary = '', second = ''] = tag.split('-');
  // `zh-yue`, `zh-cmn-Hans`: the language comes second.
  const language = /^[a-z]{3}$/.test(second) ? second : primary;
  const code = Intl.getCanonicalLocales(language)[0]?.split('-')[0] ?? '';
  const known = whisperCodes[code] ?? code;
  return names.has(known) ? known : undefined;
}

/** Languages with a similar name or code, and the language of a country if a country was named. */
function suggest(wanted: string): readonly string[] {
  if (wanted.length < 4) return languageOfCountry(wanted);
  const farthest = Math.max(1, Math.floor(wanted.length / 3));
  return languages
    .map(([code, name]) => ({ code, distance: leven(wanted, name, { maxDistance: farthest + 1 }) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ code }) => code);
}

function languageOfCountry(country: string): readonly string[] {
  if (!/^[a-z]{2}$/.test(country)) return [];
  const { language } = new Intl.Locale(`und-${country}`).maximize();
  const code = languageOfTag(language);
  // For unknown countries CLDR assumes America.
  return code === undefined || (code === 'en' && !['us', 'gb'].includes(country)) ? [] : [code];
}
