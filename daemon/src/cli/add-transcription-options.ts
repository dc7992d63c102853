import { type Command, Option } from 'commander';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { parseOptionValue } from './parse-option-value.ts';
import type { TranscriptionFlag } from './transcription-flag.ts';
import { transcriptionFlags } from './transcription-flags.ts';
import { optionGroups, switchedOff } from './usage/option-groups.ts';

/** Shorter on the command line than on the wire. */
const shortNames: Partial<Record<TranscriptionFlag['option'], string>> = { audioTrack: 'track' };

/** Adds a flag for every transcription option; one that is not given stays absent, so that the daemon's default holds. */
export function addTranscriptionOptions(command: Command): void {
  for (const { heading, options } of optionGroups) {
    for (const name of options) {
      const flag = transcriptionFlags.find(({ option }) => option === name);
      if (flag === undefined) continue;
      for (const option of toOptions(flag)) command.addOption(option.helpGroup(heading));
    }
  }
}

/** The transcription options that were given to a command. */
export function givenTranscriptionOptions(command: Command): TranscriptionOptions {
  const given = transcriptionFlags.filter(({ option }) => command.getOptionValueSource(option) === 'cli');
  return Object.fromEntries(given.map(({ option }) => [option, command.getOptionValue(option)]));
}

function toOptions(flag: TranscriptionFlag): readonly Option[] {
  return flag.kind === 'boolean' ? switchesOf(flag) : [valueOptionOf(flag)];
}

/** Both ways, so that whatever the default is can be said and unsaid; help shows the one that changes something. */
function switchesOf({ option, default: fallback, description }: TranscriptionFlag): readonly Option[] {
  const name = kebabCase(option);
  const sentence = inKebabCase(description);
  return [
    new Option(`--${name}`, sentence).hideHelp(fallback === true),
    new Option(`--no-${name}`, switchedOff[option] ?? `Not: ${sentence}`).hideHelp(fallback === false),
  ];
}

function valueOptionOf(flag: TranscriptionFlag): Option {
  const { option, kind, choices, default: fallback, description } = flag;
  const name = shortNames[option] ?? kebabCase(option);
  const shownDefault = fallback === undefined ? '' : ` (default: ${[fallback].flat().join(',')})`;
  const added = new Option(`--${name} <${valueName(kind)}>`, inKebabCase(description) + shownDefault);
  added.attributeName = () => option;
  if (choices) return added.choices(choices);
  return kind === 'string' ? added : added.argParser((text: string) => parseOptionValue(`--${name}`, text, flag));
}

function valueName(kind: TranscriptionFlag['kind']): string {
  if (kind === 'choice') return 'name';
  if (kind === 'string') return 'text';
  if (kind === 'string-list') return 'text,text,…';
  return kind.endsWith('-list') ? 'n,n,…' : 'n';
}

/** Descriptions name other options as the wire does. */
function inKebabCase(description: string): string {
  return description.replace(/`([a-z]+[A-Z]\w*)`/g, (_, name: string) => `--${kebabCase(name)}`);
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
