import { type Command, Option } from 'commander';
import { type AnswerOptions, answerOptionTable } from '../protocol/options/answer-option-table.ts';
import { flagOf } from '../protocol/options/as-flags.ts';
import { type OptionDefinition, optionTable } from '../protocol/options/option-table.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { parseOptionValue } from './parse-option-value.ts';

/** Every option that the command line has a flag for. */
export const flaggedOptions: readonly (readonly [string, OptionDefinition])[] = Object.entries({
  ...optionTable,
  ...answerOptionTable,
}).filter(([, { flag }]: readonly [string, OptionDefinition]) => flag !== null);

/** Adds the flags of a transcription; an option that is not given stays absent, so that the daemon's default holds. */
export function addTranscriptionOptions(command: Command): void {
  for (const [name, definition] of flaggedOptions) {
    for (const option of toFlags(name, definition)) command.addOption(option.helpGroup(`${definition.group}:`));
  }
}

/** The options that were given to a command. */
export function givenTranscriptionOptions(command: Command): TranscriptionOptions & AnswerOptions {
  const given = flaggedOptions.filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(given.map(([name]) => [name, command.getOptionValue(name)]));
}

function toFlags(name: string, definition: OptionDefinition): readonly Option[] {
  return definition.kind === 'boolean' ? toSwitches(name, definition) : [toValueFlag(name, definition)];
}

/** Both ways, whatever the default is; help shows the one that changes something. */
function toSwitches(name: string, definition: Extract<OptionDefinition, { kind: 'boolean' }>): readonly Option[] {
  const { default: fallback, off } = definition;
  const flag = flagOf(name);
  return [
    new Option(flag, describe(definition)).hideHelp(fallback === true),
    new Option(flag.replace('--', '--no-'), inFlags(off)).hideHelp(fallback === false),
  ];
}

function toValueFlag(name: string, definition: OptionDefinition): Option {
  const flag = flagOf(name);
  const option = new Option(`${flag} <${valueNames[definition.kind]}>`, describe(definition));
  option.attributeName = () => name;
  if (definition.kind === 'choice') return option.choices(definition.choices);
  return option.argParser((text: string) => parseOptionValue(flag, text, definition));
}

const valueNames: Readonly<Record<OptionDefinition['kind'], string>> = {
  boolean: '',
  choice: 'name',
  string: 'text',
  'string-list': 'text,text,…',
  number: 'n',
  integer: 'n',
  'number-list': 'n,n,…',
  'integer-list': 'n,n,…',
};

function describe({ kind, description, default: value, otherwise }: OptionDefinition): string {
  const shown = otherwise ?? (kind === 'boolean' ? '' : String(value ?? ''));
  return inFlags(shown === '' ? description : `${description} (default: ${shown})`);
}

/** Names of other options, which are those of the wire, as flags. */
function inFlags(text: string): string {
  return text.replace(/`(\w+)`/g, (whole, name: string) => (name in optionTable ? flagOf(name) : whole));
}
