import { languageAliases, languages } from './languages.ts';

/** Variants with their own name in CLDR, whose code is not one of Whisper's. */
const kinds = [
  ...['zh-Hans', 'zh-Hant', 'pt-BR', 'pt-PT', 'en-US', 'en-GB', 'en-AU', 'en-CA', 'es-ES', 'es-MX', 'es-419'],
  ...['fr-CA', 'fr-CH', 'de-AT', 'de-CH', 'nl-BE', 'ro-MD', 'fa-AF', 'nb', 'fil', 'jv'],
];

const codesOfKinds: Readonly<Record<string, string>> = { nb: 'no', fil: 'tl', jv: 'jw' };

let codesByName: ReadonlyMap<string, string> | undefined;

/** Finds Whisper's code for a language by its English or its own name, ignoring case, accents and text in brackets. */
export function languageOfName(given: string): string | undefined {
  const [plain = ''] = given.split(/[,(（]/);
  const name = simplify(plain);
  const whisperName = languages.find(([, english]) => english === name)?.[0] ?? languageAliases.get(name);
  if (whisperName !== undefined) return whisperName;
  codesByName ??= readNames();
  const found = codesByName.get(name);
  if (found !== undefined || !name.includes(' ')) return found;
  // "Chinese Simplified", "Egyptian Arabic": uses the word that is a language, if only one is.
  const codes = new Set(name.split(' ').flatMap((word) => codesByName?.get(word) ?? []));
  return codes.size === 1 ? [...codes][0] : undefined;
}

function readNames(): ReadonlyMap<string, string> {
  const found = new Map<string, string>(languageAliases);
  const english = new Intl.DisplayNames('en', { type: 'language' });
  // Whisper's names come last, so that they win if two languages share one.
  const codes = languages.map(([code]) => code);
  for (const tag of [...kinds, ...codes]) {
    const code = codesOfKinds[tag] ?? tag.split('-')[0] ?? tag;
    const own = new Intl.DisplayNames(tag, { type: 'language' });
    for (const name of [english.of(tag), own.of(tag)]) if (name !== undefined) found.set(simplify(name), code);
  }
  for (const [code, name] of languages) found.set(simplify(name), code);
  return found;
}

/** Lower case without accents and apostrophes, the way people type. */
function simplify(name: string): string {
  const letters = name.normalize('NFKD').replace(/[\u0300-\u036f'’ʻʼ]/g, '');
  return letters
    .toLowerCase()
    .replace(/[\s-]+/g, ' ')
    .trim();
}
