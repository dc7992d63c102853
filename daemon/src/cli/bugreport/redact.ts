import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../settings/settings-schema.ts';

const installation = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');
const secretName = /token|secret|password|key$/i;

/** Text with every path cut off, and with what follows it on its line: a name in a path may have spaces. */
export function withoutPaths(text: string): string {
  return text
    .split('\n')
    .map((line) => shortenKnown(line).replace(/(^|[\s'"(=:])(~?\/|file:).*$/s, '$1(path)'))
    .join('\n');
}

/** Text without what a warning says about a watched folder: its name, and those of recordings and transcripts. */
export function withoutWatched(text: string): string {
  return text.replace(/(watched folder ).*/s, '$1(path)');
}

/** Text with the folders that everybody has by their names, for paths of Hearth itself. */
export function shortenKnown(text: string): string {
  return text.replaceAll(installation, '<hearth>').replaceAll(homedir(), '~');
}

/** The settings with a word in place of each secret. */
export function withoutSecrets(settings: Settings): Readonly<Record<string, unknown>> {
  const entries = Object.entries(settings).map(([name, value]: readonly [string, unknown]) => {
    if (secretName.test(name)) return [name, value === '' ? '' : '(set)'];
    return [name, typeof value === 'string' ? withoutCredentials(shortenKnown(value)) : value];
  });
  return Object.fromEntries(entries);
}

/** An address, right or wrong, without the name and the password before its host, which may hold any sign. */
function withoutCredentials(text: string): string {
  return /^[/~]/.test(text) ? text : text.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1(set)@');
}
