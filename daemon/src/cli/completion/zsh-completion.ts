import { quoteForShell } from '../../errors/quote-for-shell.ts';
import { type CompletionCommand, type CompletionOption, withThoseBelow } from './completion-tree.ts';

/** A script that completes `hearth` in zsh: as the file `_hearth` in a folder of `fpath`, or sourced after `compinit`. */
export function zshCompletion(program: CompletionCommand): string {
  return `#compdef ${program.name}
# zsh completion for ${program.name}, written by \`${program.name} completion zsh\`.
${withThoseBelow(program).map(functionOf).join('')}
if [[ $funcstack[1] == _${program.name} ]]; then
  _${program.name} "$@"
else
  compdef _${program.name} ${program.name}
fi
`;
}

function functionOf(command: CompletionCommand): string {
  const { commands, choices, takesFiles } = command;
  const words = [...commands.map(({ name, summary }) => `${escaped(name)}:${summary}`), ...choices];
  const specs = command.options.map(optionSpec);
  if (commands.length === 0) {
    const operands = takesFiles ? [quoteForShell('*:file:_files')] : choices.length > 0 ? [`'*:: :->words'`] : [];
    return `
${nameOf(command.path)}() {
  local curcontext=$curcontext state line
  _arguments -C -s ${[...specs, ...operands].join(' \\\n    ')}
${choices.length === 0 ? '' : `  [[ $state == words ]] && _values ${quoteForShell('word')} ${words.map(quoteForShell).join(' ')}\n`}}
`;
  }
  return `
${nameOf(command.path)}() {
  local curcontext=$curcontext state line
  local -a words_here
  _arguments -C -s ${[...specs, `'1: :->first'`, `'*:: :->rest'`].join(' \\\n    ')}
  case $state in
    first)
      words_here=(${words.map(quoteForShell).join(' ')})
      _describe -t commands command words_here
${takesFiles ? '      _files\n' : ''}      ;;
    rest)
      case $line[1] in
${commands.map(({ name, path }) => `        ${name}) ${nameOf(path)} ;;\n`).join('')}${takesFiles ? '        *) _files ;;\n' : ''}      esac
      ;;
  esac
}
`;
}

function optionSpec({ short, long, description, value }: CompletionOption): string {
  const told = `[${description.replace(/[[\]\\:]/g, '\\$&')}]`;
  const given = value === null ? '' : `:${escaped(value.name)}:${actionOf(value)}`;
  const names = [short, long].filter((name) => name !== null);
  const withValue = names.map((name) => (value !== null && name.startsWith('--') ? `${name}=` : name));
  const [only = ''] = withValue;
  if (names.length === 1) return quoteForShell(`${only}${told}${given}`);
  return `${quoteForShell(`(${names.join(' ')})`)}{${withValue.join(',')}}${quoteForShell(told + given)}`;
}

function actionOf({ choices, isFile }: NonNullable<CompletionOption['value']>): string {
  if (isFile) return '_files';
  return choices.length === 0 ? ' ' : `(${choices.join(' ')})`;
}

function nameOf(path: string): string {
  return `_${path.replaceAll(' ', '_')}`;
}

function escaped(text: string): string {
  return text.replace(/[:\\]/g, '\\$&');
}
