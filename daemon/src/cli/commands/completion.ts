import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash-completion.ts';
import { type CompletionCommand, completionTree } from '../completion/completion-tree.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';
import { printText } from '../terminal/print.ts';

const scripts: Readonly<Record<string, (program: CompletionCommand) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const help = `
Homebrew installs them. Otherwise:
  bash  echo 'source <(hearth completion bash)' >> ~/.bashrc
  zsh   echo 'source <(hearth completion zsh)' >> ~/.zshrc      (after compinit)
  fish  hearth completion fish > ~/.config/fish/completions/hearth.fish`;

/** `hearth completion`, of a program that knows all its commands. */
export function define(command: Command): void {
  command
    .description('Prints a script with which a shell completes the commands, options and values of hearth.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .addHelpText('after', help)
    .action((shell: string) => {
      const write = scripts[shell];
      if (write !== undefined && command.parent !== null) printText(write(completionTree(command.parent)));
    });
}
