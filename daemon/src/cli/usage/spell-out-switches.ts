import type { Command, Option } from 'commander';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';

const meanings: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true, 1: true },
  ...{ false: false, no: false, off: false, 0: false },
};

/**
 * Writes `--vad=false` as `--no-vad` and leaves `--quiet=false` out: commander takes no value for a switch.
 * @throws `OPTION_INVALID` for another value
 */
export function spellOutSwitches(program: Command, given: readonly string[]): readonly string[] {
  const switches = switchesOf(program);
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const spelled = given.slice(0, end).flatMap((argument) => spellOut(argument, switches));
  return [...spelled, ...given.slice(end)];
}

function spellOut(argument: string, switches: ReadonlySet<string>): readonly string[] {
  const [, name = '', value = ''] = /^(--[a-z0-9-]+)=(.*)$/s.exec(argument) ?? [];
  if (!switches.has(name)) return [argument];
  const meaning = Object.hasOwn(meanings, value.toLowerCase()) ? meanings[value.toLowerCase()] : undefined;
  if (meaning === undefined) {
    throw new HearthError('OPTION_INVALID', `${name} must be true or false, got ${shorten(value)}.`);
  }
  if (meaning) return [name];
  const opposite = name.startsWith('--no-') ? `--${name.slice('--no-'.length)}` : `--no-${name.slice(2)}`;
  return switches.has(opposite) ? [opposite] : [];
}

/** The long names of all options without a value, of every command. */
function switchesOf(program: Command): ReadonlySet<string> {
  const commands = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  const options = commands.flatMap(({ options }): readonly Option[] => options);
  return new Set(options.filter(({ required, optional }) => !required && !optional).flatMap(({ long }) => long ?? []));
}
