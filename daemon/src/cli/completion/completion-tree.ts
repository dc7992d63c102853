import type { Command, Option } from 'commander';

/** What a shell needs to know of a command. */
export interface CompletionCommand {
  /** The words that lead to it, `hearth` first. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CompletionCommand[];
  readonly options: readonly CompletionOption[];
  readonly takesFiles: boolean;
  /** The words that may follow it besides commands and files. */
  readonly choices: readonly string[];
}

export interface CompletionOption {
  readonly short: string | null;
  readonly long: string | null;
  readonly description: string;
  /** Null for a switch. */
  readonly value: { readonly name: string; readonly choices: readonly string[]; readonly isFile: boolean } | null;
}

/** Everything that can be typed after a command, from its own definition. */
export function completionTree(command: Command, before: readonly string[] = []): CompletionCommand {
  const words = [...before, command.name()];
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const names = commands.map((each) => each.name()).filter((name) => name !== 'help');
  return {
    path: words.join(' '),
    name: command.name(),
    summary: command.summary() || command.description(),
    commands: commands.flatMap((each) => {
      // A command of commander's own, which does not know which names may follow it.
      if (each.name() === 'help')
        return before.length === 0 ? [{ ...completionTree(each, words), choices: names }] : [];
      return [completionTree(each, words)];
    }),
    options: help.visibleOptions(command).map(toOption),
    // `hearth talk.mp3` transcribes.
    takesFiles: before.length === 0 || command.registeredArguments.some((argument) => isFile(argument.name())),
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

/** A command and all that are below it. */
export function withThoseBelow(command: CompletionCommand): readonly CompletionCommand[] {
  return [command, ...command.commands.flatMap(withThoseBelow)];
}

function toOption(option: Option): CompletionOption {
  const { short, long, description, argChoices, required, optional, flags } = option;
  const [, name = ''] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? [];
  const value = { name, choices: argChoices ?? [], isFile: isFile(name) };
  return { short: short ?? null, long: long ?? null, description, value: required || optional ? value : null };
}

function isFile(name: string): boolean {
  return ['file', 'folder', 'path'].includes(name);
}
