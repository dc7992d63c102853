import { InvalidArgumentError } from 'commander';

/** `txt,srt` as a list without repetitions. @throws commander's error for a name that is none of `known` */
export function parseFormats<Name extends string>(known: readonly Name[]): (text: string) => readonly Name[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    return [...new Set(names.map((name) => parseFormat(name, known)))];
  };
}

function parseFormat<Name extends string>(name: string, known: readonly Name[]): Name {
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  if (name === 'diarized_json') throw new InvalidArgumentError('Hearth does not tell speakers apart.');
  throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
}
