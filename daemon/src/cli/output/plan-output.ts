import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { type AnswerFormat, answerOptionTable } from '../../protocol/options/answer-option-table.ts';
import { fileNames } from './file-name.ts';

/** `ndjson` is the stream of the job's events as the daemon sends it; the others are written from the transcript. */
export type OutputFormat = AnswerFormat;

/** The formats of a transcript. */
export const formatNames = answerOptionTable.format.choices.filter((name) => name !== 'ndjson');

export const outputFormats: readonly OutputFormat[] = [...formatNames, 'ndjson'];

export interface OutputPlan {
  readonly format: OutputFormat;
  /** Where the transcript of one input goes; null for standard output. */
  readonly pathFor: (input: string) => string | null;
}

export interface OutputRequest {
  readonly inputs: readonly string[];
  readonly format?: OutputFormat | undefined;
  /**
   * `-` for standard output. A file for one input; a folder, created if missing, for several inputs, or if it exists or ends
   * in a slash.
   */
  readonly output?: string | undefined;
}

/**
 * Decides where every transcript is written, before the first one is made.
 * @throws `OPTION_INVALID` for what would overwrite or mix transcripts, and for an extension that is not a format
 */
export function planOutput({ inputs, format: given, output }: OutputRequest): OutputPlan {
  if (output === '')
    throw refusal(
      'Expected a file or a folder for --output, got an empty name.',
      'Name one, or use - for standard output.',
    );
  if (output === undefined || output === '-') {
    const format = given ?? 'txt';
    refuseToMix({ format, count: inputs.length });
    return { format, pathFor: () => null };
  }
  const found = findOutputKind(output);
  const isFolder = found === 'folder' || (found === null && output.endsWith('/'));
  if (inputs.length === 1 && !isFolder) {
    return { format: given ?? formatOfEnding(output, found === null || found === 'file'), pathFor: () => output };
  }
  if (!isFolder) requireFolderName(output, inputs.length, found !== null);
  const format = given ?? 'txt';
  refuseSameNames(inputs);
  const names = fileNames(inputs.map(stem), `.${format}`);
  const nameOf = new Map(inputs.map((input, index) => [input, names[index] as string]));
  return { format, pathFor: (input) => join(output, nameOf.get(input) as string) };
}

/** A path that cannot be read is reported later, by `checkOutputs`. */
function findOutputKind(output: string): 'folder' | 'file' | 'other' | null {
  try {
    const found = statSync(output);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
  } catch {
    return null;
  }
}

/** The extension of another kind of file is refused: it would not say what is in the file. */
function formatOfEnding(output: string, isRegular: boolean): OutputFormat {
  const ending = extname(output).slice(1).toLowerCase();
  const format = outputFormats.find((name) => name === ending);
  if (format !== undefined) return format;
  if (!isRegular || !/^(?=.*[a-z])[a-z0-9]{1,8}$/.test(ending)) return 'txt';
  throw refusal(
    `Expected a name that ends in ${outputFormats.map((name) => `.${name}`).join(', ')}, got ${output}.`,
    'To keep this name, choose the format with --format.',
  );
}

function refuseToMix({ format, count }: { readonly format: OutputFormat; readonly count: number }): void {
  if (count < 2 || !isOneDocument(format)) return;
  throw refusal(`Expected one file for ${format} on standard output, got ${count}.`, 'Name a folder with --output.');
}

/** Whether two of them, one after the other, are not a valid document. */
export function isOneDocument(format: OutputFormat): boolean {
  return ['srt', 'vtt', 'tsv'].includes(format);
}

function requireFolderName(output: string, count: number, exists: boolean): void {
  const ending = extname(output).slice(1).toLowerCase();
  if (!exists && !outputFormats.some((format) => format === ending)) return;
  const got = exists ? `the file ${output}` : output;
  throw refusal(
    `Expected a folder for ${count} recordings, got ${got}.`,
    'Add a slash to the name of a new folder, or transcribe one recording at a time.',
  );
}

function refuseSameNames(inputs: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const input of inputs) {
    const other = seen.get(stem(input));
    if (other !== undefined) {
      throw refusal(
        `Expected inputs with different names, got ${other} and ${input}.`,
        'Their transcripts would have the same name. Transcribe them into different folders.',
      );
    }
    seen.set(stem(input), input);
  }
}

function stem(input: string): string {
  return input === '-' ? 'stdin' : basename(input, extname(input));
}

function refusal(message: string, hint: string): HearthError {
  return new HearthError('OPTION_INVALID', message, { hint });
}
