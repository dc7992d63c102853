import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import type { TranscriptionFlag } from './transcription-flag.ts';
import { transcriptionFlags } from './transcription-flags.ts';

const helpGroup = 'Transcription options:';

/** Adds a flag for every transcription option; one that is not given stays absent, so that the daemon's default holds. */
export function addTranscriptionOptions(command: Command): void {
  for (const flag of transcriptionFlags) command.addOption(toOption(flag));
}

/** The transcription options that were given to a command. */
export function givenTranscriptionOptions(command: Command): TranscriptionOptions {
  const given = transcriptionFlags.filter(({ option }) => command.getOptionValueSource(option) === 'cli');
  return Object.fromEntries(given.map(({ option }) => [option, command.getOptionValue(option)]));
}

function toOption({ option, kind, choices, default: fallback, description }: TranscriptionFlag): Option {
  const name = kebabCase(option);
  if (kind === 'boolean') {
    const [prefix, sentence] = fallback === true ? ['no-', 'Turn off: '] : ['', ''];
    return new Option(`--${prefix}${name}`, sentence + inKebabCase(description)).helpGroup(helpGroup);
  }
  const shownDefault = fallback === undefined ? '' : ` (default: ${[fallback].flat().join(',')})`;
  const added = new Option(`--${name} <${valueName(kind)}>`, inKebabCase(description) + shownDefault);
  added.helpGroup(helpGroup);
  if (choices) return added.choices(choices);
  if (kind === 'string') return added;
  return added.argParser((text: string) => {
    const [valueKind, isList] = kind.split('-');
    return isList ? text.split(',').map((item) => parseValue(item, valueKind)) : parseValue(text, valueKind);
  });
}

function valueName(kind: TranscriptionFlag['kind']): string {
  return kind === 'choice' ? 'name' : kind === 'string' ? 'text' : kind.endsWith('-list') ? 'n,n,…' : 'n';
}

function parseValue(text: string, kind: string | undefined): string | number {
  if (kind === 'string') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || (kind === 'integer' && !Number.isInteger(value))) {
    throw new InvalidArgumentError(`Expected ${kind === 'integer' ? 'a whole number' : 'a number'}, got "${text}".`);
  }
  return value;
}

/** Descriptions name other options as the wire does. */
function inKebabCase(description: string): string {
  return description.replace(/`([a-z]+[A-Z]\w*)`/g, (_, name: string) => `--${kebabCase(name)}`);
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
