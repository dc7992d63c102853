import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { fileNames } from '../../formats/file-name.ts';
import { type AnswerFormat, answerOptionTable } from '../../protocol/options/answer-option-table.ts';
import { fillTemplate, isTemplate, requireKnownPlaces } from './name-template.ts';

/** `ndjson` is the stream of the job's events as the daemon sends it; the others are written from the transcript. */
export type OutputFormat = AnswerFormat | 'docx';

/** ISO 639's code where a path is only tried. */
const unknownLanguage = 'und';

/** The formats of a transcript that a terminal can show. */
export const textFormatNames = answerOptionTable.format.choices.filter((name) => name !== 'ndjson');

/** The formats of a transcript. */
export const formatNames = [...textFormatNames, 'docx'] as const;

export const outputFormats: readonly OutputFormat[] = [...formatNames, 'ndjson'];

export interface OutputPlan {
  readonly format: OutputFormat;
  /** Where the transcript of one input goes, once its language is known; null for standard output. The day: by default today. */
  readonly pathFor: (input: string, language?: string, date?: string) => string | null;
}

export interface OutputRequest {
  readonly inputs: readonly string[];
  readonly format?: OutputFormat | undefined;
  /**
   * `-` for standard output. A file for one input; a folder, created if missing, for several inputs, or if it exists or ends
   * in a slash. With places such as `{name}`, a path for each recording.
   */
  readonly output?: string | undefined;
  /** In how many formats each recording is written; several need a folder. */
  readonly formatCount?: number;
}

/**
 * Decides where every transcript is written, before the first one is made.
 * @throws `OPTION_INVALID` for what would overwrite or mix transcripts, and for an extension that is not a format
 */
export function planOutput({ inputs, format: given, output, formatCount = 1 }: OutputRequest): OutputPlan {
  if (output === '')
    throw refusal(
      'Expected a file or a folder for --output, got an empty name.',
      'Name one, or use - for standard output.',
    );
  if (output === undefined || output === '-') {
    const format = given ?? 'txt';
    refuseToPrint(format, formatCount);
    refuseToMix({ format, count: inputs.length });
    return { format, pathFor: () => null };
  }
  if (isTemplate(output)) return planTemplate(output, given, formatCount);
  const found = findOutputKind(output);
  const isFolder = found === 'folder' || (found === null && output.endsWith('/'));
  if (inputs.length === 1 && formatCount === 1 && !isFolder) {
    return { format: given ?? formatOfEnding(output, found === null || found === 'file'), pathFor: () => output };
  }
  if (!isFolder) requireFolderName(output, { count: inputs.length, formatCount, exists: found !== null });
  const format = given ?? 'txt';
  refuseSameNames(inputs);
  const names = fileNames(inputs.map(stem), `.${format}`);
  const nameOf = new Map(inputs.map((input, index) => [input, names[index] as string]));
  return { format, pathFor: (input) => join(output, nameOf.get(input) as string) };
}

/** Whether two recordings would be written to one file is told by `checkOutputs`. */
function planTemplate(template: string, given: OutputFormat | undefined, formatCount: number): OutputPlan {
  requireKnownPlaces(template);
  if (formatCount > 1 && !template.endsWith('/') && !template.includes('{format}')) {
    throw refusal(
      `Expected {format} in --output for ${formatCount} formats, got ${template}.`,
      'Add it, for example at the end.',
    );
  }
  const format = given ?? (/(\/|\{format\})$/.test(template) ? 'txt' : formatOfEnding(template, true));
  return {
    format,
    pathFor: (input, language = unknownLanguage, date = undefined) =>
      fillTemplate(template, { input, format, language, date }),
  };
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

function refuseToPrint(format: OutputFormat, formatCount: number): void {
  const hint = 'Name a file or a folder with --output.';
  if (formatCount > 1) throw refusal(`Expected a folder for ${formatCount} formats, got standard output.`, hint);
  if (format === 'docx') throw refusal('Expected a file for docx, got standard output.', hint);
}

function refuseToMix({ format, count }: { readonly format: OutputFormat; readonly count: number }): void {
  if (count < 2 || !isOneDocument(format)) return;
  throw refusal(`Expected one file for ${format} on standard output, got ${count}.`, 'Name a folder with --output.');
}

/** Whether two of them, one after the other, are not a valid document. */
export function isOneDocument(format: OutputFormat): boolean {
  return ['srt', 'vtt', 'tsv', 'lrc'].includes(format);
}

interface NeedOfFolder {
  readonly count: number;
  readonly formatCount: number;
  readonly exists: boolean;
}

function requireFolderName(output: string, { count, formatCount, exists }: NeedOfFolder): void {
  const ending = extname(output).slice(1).toLowerCase();
  if (!exists && !outputFormats.some((format) => format === ending)) return;
  const got = exists ? `the file ${output}` : output;
  throw refusal(
    `Expected a folder for ${count > 1 ? `${count} recordings` : `${formatCount} formats`}, got ${got}.`,
    `Add a slash to the name of a new folder, or transcribe ${count > 1 ? 'one recording' : 'to one format'} at a time.`,
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

/** The plans for every format that was asked for; one, by the name of the output, if none was. */
export function planOutputs({
  formats,
  ...request
}: Omit<OutputRequest, 'format' | 'formatCount'> & {
  readonly formats: readonly OutputFormat[];
}): readonly OutputPlan[] {
  if (formats.length === 0) return [planOutput(request)];
  return formats.map((format) => planOutput({ ...request, format, formatCount: formats.length }));
}
