import { basename, dirname, extname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { fileName } from '../../formats/file-name.ts';
import { localDate } from '../terminal/time-text.ts';

const placeholders = ['folder', 'name', 'language', 'format', 'date'] as const;
type Placeholder = (typeof placeholders)[number];

export interface TemplateValues {
  readonly input: string;
  readonly format: string;
  /** Unknown before the recording is transcribed. */
  readonly language: string;
  /** Default: today. */
  readonly date?: string | undefined;
}

/** Whether the name of an output has places to fill in, such as `{name}`. */
export function isTemplate(output: string): boolean {
  return /\{[a-z]+\}/.test(output);
}

/** @throws `OPTION_INVALID` for a place that nothing is known for */
export function requireKnownPlaces(template: string): void {
  for (const [place, name = ''] of template.matchAll(/\{([a-z]+)\}/g)) {
    if (placeholders.some((each) => each === name)) continue;
    const known = placeholders.map((each) => `{${each}}`).join(', ');
    throw new HearthError('OPTION_INVALID', `Expected ${known} in --output, got ${place}.`, {
      hint: 'Without braces, a name is taken as it is.',
    });
  }
}

/** The path for one recording: `{folder}/{name}.{language}.{format}` is `talks/monday.de.srt`. */
export function fillTemplate(template: string, { input, format, language, date }: TemplateValues): string {
  const isFile = input !== '-';
  const values: Readonly<Record<Placeholder, string>> = {
    folder: isFile ? dirname(input) : '.',
    name: isFile ? nameOf(input) : 'stdin',
    language,
    format,
    date: date ?? localDate(new Date()),
  };
  const fill = (text: string) => text.replace(/\{([a-z]+)\}/g, (_, name: Placeholder) => values[name]);
  const path = template.endsWith('/') ? `${template}{name}.{format}` : template;
  const file = fill(basename(path));
  const ending = extname(file);
  const name = fileName(file.slice(0, file.length - ending.length), ending);
  return path.includes('/') ? join(fill(dirname(path)), name) : name;
}

/** The recording's name without its ending. Of `...mp3`, that would be the folder above. */
function nameOf(input: string): string {
  const stem = basename(input, extname(input));
  return /^\.+$/.test(stem) ? basename(input) : stem;
}
