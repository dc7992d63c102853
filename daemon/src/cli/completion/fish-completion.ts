import { type CompletionCommand, type CompletionOption, withThoseBelow } from './completion-tree.ts';

/** A script that completes `hearth` in fish. */
export function fishCompletion(program: CompletionCommand): string {
  const all = withThoseBelow(program);
  return `# fish completion for ${program.name}, written by \`${program.name} completion fish\`.
set -g __${program.name}_paths ${all.map(({ path }) => quoted(path)).join(' ')}
function __${program.name}_is
    set -l path ${program.name}
    for word in (commandline -opc)[2..]
        if contains -- "$path $word" $__${program.name}_paths
            set path "$path $word"
        end
    end
    test "$path" = "$argv[1]"
end
complete -c ${program.name} -f
${all.flatMap((command) => linesOf(program.name, command)).join('\n')}
`;
}

function linesOf(
  program: string,
  { path, commands, options, choices, takesFiles }: CompletionCommand,
): readonly string[] {
  const here = `complete -c ${program} -n ${quoted(`__${program}_is ${quoted(path)}`)}`;
  return [
    ...commands.map(({ name, summary }) => `${here} -a ${quoted(name)} -d ${quoted(summary)}`),
    ...choices.map((choice) => `${here} -a ${quoted(choice)}`),
    ...(takesFiles ? [`${here} -F`] : []),
    ...options.map((option) => `${here} ${flagsOf(option)} -d ${quoted(option.description)}`),
  ];
}

function flagsOf({ short, long, value }: CompletionOption): string {
  const names = [short === null ? [] : `-s ${short.slice(1)}`, long === null ? [] : `-l ${long.slice(2)}`].flat();
  if (value === null) return names.join(' ');
  if (value.isFile) return [...names, '-r -F'].join(' ');
  return [...names, '-x', ...(value.choices.length === 0 ? [] : [`-a ${quoted(value.choices.join(' '))}`])].join(' ');
}

/** In fish, a backslash stands before a quote and a backslash within quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
