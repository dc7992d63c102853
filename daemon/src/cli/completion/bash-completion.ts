import { quoteForShell } from '../../errors/quote-for-shell.ts';
import { type CompletionCommand, type CompletionOption, withThoseBelow } from './completion-tree.ts';

/** A script that completes `hearth` in bash, also in the 3.2 of macOS, without the package bash-completion. */
export function bashCompletion(program: CompletionCommand): string {
  const all = withThoseBelow(program);
  return `# bash completion for ${program.name}, written by \`${program.name} completion bash\`.
_${program.name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path=${program.name} options= words= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path \${COMP_WORDS[index]}" in
      ${patterns(all.slice(1).map(({ path }) => path))}) path+=" \${COMP_WORDS[index]}" ;;
    esac
  done
  # bash makes words of their own of --format, = and srt.
  if [[ $current == '=' ]]; then current=
  elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  case "$path $previous" in
${all.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option))).join('')}  esac
  case "$path" in
${all.map(commandCase).join('')}  esac
  if [[ $current == -* ]]; then words=$options; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${program.name} ${program.name}
`;
}

function valueCase(path: string, { short, long, value }: CompletionOption): readonly string[] {
  if (value === null) return [];
  const names = [short, long].flatMap((name) => (name === null ? [] : `${path} ${name}`));
  if (value.isFile) return [`    ${patterns(names)}) return ;;\n`];
  const reply = `COMPREPLY=($(compgen -W ${quoteForShell(value.choices.join(' '))} -- "$current"))`;
  return [`    ${patterns(names)}) compopt +o default 2> /dev/null; ${reply}; return ;;\n`];
}

function commandCase({ path, commands, options, choices, takesFiles }: CompletionCommand): string {
  const words = [...commands.map(({ name }) => name), ...choices];
  const flags = options.flatMap(({ short, long }) => long ?? short ?? []);
  const noFiles = takesFiles ? '' : ' compopt +o default 2> /dev/null;';
  return `    ${patterns([path])})${noFiles} words=${quoteForShell(words.join(' '))} options=${quoteForShell(flags.join(' '))} ;;\n`;
}

function patterns(words: readonly string[]): string {
  return words.map(quoteForShell).join(' | ');
}
