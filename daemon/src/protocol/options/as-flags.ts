import { answerOptionTable } from './answer-option-table.ts';
import { type OptionDefinition, optionTable } from './option-table.ts';
import type { TranscriptionOptions } from './transcription-options.ts';

const definitions: Readonly<Record<string, OptionDefinition>> = { ...optionTable, ...answerOptionTable };

/** The flag of an option, by the option's name on the wire. */
export function flagOf(name: string): string {
  return `--${definitions[name]?.flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Options as the command line takes them, without those for which it has no flag. */
export function asFlags(options: TranscriptionOptions): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const definition = definitions[name];
    if (definition === undefined || definition.flag === null) return [];
    const flag = flagOf(name);
    if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')];
    // One word: a value may begin with a dash.
    return [`${flag}=${[value].flat().join(',')}`];
  });
}
