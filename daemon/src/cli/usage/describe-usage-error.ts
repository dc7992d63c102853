import type { Command, CommanderError } from 'commander';
import { closestMatch } from 'leven';
import { flagOf } from '../../protocol/options/as-flags.ts';
import { meantOption } from '../../protocol/options/option-aliases.ts';
import { flaggedOptions } from '../transcription-flags.ts';

/** How other programs call what is not an option of the transcription. */
const otherFlags: Readonly<Record<string, string>> = {
  '--output-dir': '--output',
  '--output-format': '--format',
  '--output_dir': '--output',
  '--output_format': '--format',
  '--outdir': '--output',
  '--silent': '--quiet',
};

/** Commands of other programs, or those that one would expect. */
const otherCommands: Readonly<Record<string, string>> = {
  'jobs list': 'jobs --all',
  'jobs show': 'jobs follow',
  'jobs stop': 'jobs cancel',
  'jobs delete': 'jobs cancel',
  'models download': 'models pull',
  'models list': 'models',
  'models rm': 'models delete',
  log: 'logs',
  ps: 'status',
  run: 'transcribe',
};

const wrongArgument = /command-argument value ('.*') is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s;
const expectation = 'Expected $3 as <$2>, got $1';

/** What is wrong with the words of a command line, and what was likely meant. */
export function describeUsageError(error: CommanderError, program: Command, given: readonly string[]): string {
  const sentence = error.message
    .replace(/^error: /, '')
    .replace(wrongArgument, expectation)
    .replace(/\.?$/, '.');
  const [, flag] = /unknown option '([^']*)'/.exec(error.message) ?? [];
  const [, name] = /unknown command '([^']*)'/.exec(error.message) ?? [];
  const meant =
    flag !== undefined
      ? meantFlag(flag, program, given)
      : name !== undefined
        ? meantCommand(name, program, given)
        : null;
  return meant === null ? sentence : `${sentence} Did you mean ${meant}?`;
}

function meantFlag(flag: string, program: Command, given: readonly string[]): string | null {
  const command = program.commands.find((each) => each.name() === given[0]);
  const option = meantOption(
    flag,
    flaggedOptions.map(([name]) => name),
  );
  if (command === undefined) return option === null ? null : `\`hearth transcribe ${meantWords(option)}\``;
  if (command.name() === 'transcribe' && option !== null) return meantWords(option);
  const other = otherFlags[flag];
  const known = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? []);
  if (other !== undefined && known.includes(other)) return other;
  return flag.startsWith('--') ? (closestMatch(flag, known, { maxDistance: 3 }) ?? null) : null;
}

function meantWords(option: string): string {
  const [name = '', value] = option.split('=');
  return value === undefined ? flagOf(name) : `${flagOf(name)} ${value}`;
}

function meantCommand(name: string, program: Command, given: readonly string[]): string | null {
  const parent = program.commands.find((each) => each.name() === given[0]);
  const path = parent === undefined ? name : `${parent.name()} ${name}`;
  const known = (parent ?? program).commands.map((each) => each.name());
  const closest = otherCommands[path] === undefined ? closestMatch(name, known, { maxDistance: 3 }) : undefined;
  const meant =
    otherCommands[path] ?? (closest === undefined ? null : [parent?.name(), closest].filter(Boolean).join(' '));
  return meant === null ? null : `\`hearth ${meant}\``;
}
