import { type Command, InvalidArgumentError } from 'commander';

/** A word after a command that only lists is a subcommand that does not exist. */
export function refuseOperands(command: Command): void {
  const [first] = command.args;
  if (first !== undefined) command.error(`unknown command '${first}'`, { code: 'commander.unknownCommand' });
}

/** @throws for an empty argument */
export function requireText(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It is empty.');
}

/** @throws for anything but a whole number above 0 */
export function parseCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`Expected a whole number above 0, got "${text}".`);
}
