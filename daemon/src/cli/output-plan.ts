import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { type FormatName, formats, isFormatName } from '../formats/formats.ts';

/** `ndjson` is the stream of the job's events as the daemon sends it; the others are written from the transcript. */
export type OutputFormat = FormatName | 'ndjson';

export const outputFormats: readonly OutputFormat[] = [...(Object.keys(formats) as FormatName[]), 'ndjson'];

export interface OutputPlan {
  readonly format: OutputFormat;
  /** Where the transcript of one input goes; null for standard output. */
  readonly pathFor: (input: string) => string | null;
}

export interface OutputRequest {
  readonly inputs: readonly string[];
  readonly format?: OutputFormat | undefined;
  /** A file for one input; a folder, made when missing, for several or when it exists or ends in a slash. */
  readonly output?: string | undefined;
}

/**
 * Decides where every transcript goes before the first one is made.
 * @throws `OPTION_INVALID` for what would overwrite or mix transcripts
 */
export function planOutput({ inputs, format: given, output }: OutputRequest): OutputPlan {
  const format = given ?? formatOfExtension(output) ?? 'txt';
  if (output === undefined) {
    if (inputs.length > 1 && ['srt', 'vtt', 'tsv'].includes(format)) {
      throw new HearthError(
        'OPTION_INVALID',
        `Expected one file for ${format} on standard output, got ${inputs.length}.`,
        {
          hint: 'Name a folder with --output.',
        },
      );
    }
    return { format, pathFor: () => null };
  }
  if (inputs.length === 1 && !output.endsWith('/') && !isFolder(output)) return { format, pathFor: () => output };
  refuseSameNames(inputs);
  return { format, pathFor: (input) => join(output, `${stem(input)}.${format}`) };
}

function formatOfExtension(output: string | undefined): OutputFormat | null {
  const extension = extname(output ?? '').slice(1);
  return extension === 'ndjson' || isFormatName(extension) ? extension : null;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseSameNames(inputs: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const input of inputs) {
    const other = seen.get(stem(input));
    if (other !== undefined) {
      throw new HearthError('OPTION_INVALID', `Expected inputs with different names, got ${other} and ${input}.`, {
        hint: 'Their transcripts would have one name; transcribe them into different folders.',
      });
    }
    seen.set(stem(input), input);
  }
}

function stem(input: string): string {
  return input === '-' ? 'stdin' : basename(input, extname(input));
}
