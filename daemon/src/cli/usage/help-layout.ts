import type { Argument, Help, HelpConfiguration } from 'commander';

/** Longer terms get a line of their own, so that descriptions have room in a narrow window. */
const longestTermBeside = 24;
const widest = 100;
const indent = 2;

/** Help that fits 80 columns and does not fill 200. */
export const helpLayout: HelpConfiguration = {
  padWidth: (command, helper) => {
    const terms = [
      ...helper.visibleOptions(command).map((option) => helper.optionTerm(option)),
      ...helper.visibleCommands(command).map((each) => helper.subcommandTerm(each)),
      ...helper.visibleArguments(command).map((argument) => helper.argumentTerm(argument)),
    ];
    const lengths = terms.map(({ length }) => length).filter((length) => length <= longestTermBeside);
    return Math.max(0, ...lengths);
  },
  optionDescription: ({ description, argChoices, defaultValue, negate }) => {
    const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
    return `${description}${choices}${defaultValue === undefined || negate ? '' : ` (default: ${defaultValue})`}`;
  },
  // Its options are in its own help.
  subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
  formatItem: (term, termWidth, description, helper) => {
    if (description === '') return ' '.repeat(indent) + term;
    const start = indent + termWidth + 2;
    const lines = wrapped(description, Math.min(helper.helpWidth ?? 80, widest) - start, helper);
    const [first = '', ...rest] = lines;
    const gap = ' '.repeat(start);
    const beside = term.length <= termWidth ? `${`${' '.repeat(indent)}${term}`.padEnd(start)}${first}` : null;
    const head = beside === null ? [`${' '.repeat(indent)}${term}`, gap + first] : [beside];
    return [...head, ...rest.map((line) => gap + line)].join('\n');
  },
};

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

function wrapped(text: string, columns: number, helper: Help): readonly string[] {
  return helper.boxWrap(text, Math.max(20, columns)).split('\n');
}
