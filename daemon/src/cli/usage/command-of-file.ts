import { existsSync } from 'node:fs';
import type { Command } from 'commander';

/** `hearth talk.mp3` is `hearth transcribe talk.mp3`: a first word that is no command and looks like a file is one. */
export function withCommandOfFile(program: Command, given: readonly string[]): readonly string[] {
  const [first = ''] = given;
  const isCommand = first === 'help' || program.commands.some((command) => command.name() === first);
  if (isCommand || first === '' || (first.startsWith('-') && first !== '-')) return given;
  return first === '-' || /[./]/.test(first) || existsSync(first) ? ['transcribe', ...given] : given;
}
