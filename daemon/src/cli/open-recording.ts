import { once } from 'node:events';
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import { answerOptionTable } from '../protocol/options/answer-option-table.ts';
import { openWithoutLinks } from '../settings/open-without-links.ts';

export interface OpenRecording {
  readonly audio: Readable;
  /** Null for pipes and devices, whose length is not known. */
  readonly byteCount: number | null;
  /** What the daemon's lists and its history call it; null for standard input. */
  readonly name: string | null;
}

interface OpenRecordingOptions {
  readonly stdin?: NodeJS.ReadStream;
  readonly signal?: AbortSignal | undefined;
  /** False for a path that was checked: what has its place by now may be a link to another file. Default: true. */
  readonly followLinks?: boolean;
}

const stdinHint = 'Pipe a recording in, for example `hearth transcribe - < talk.mp3`.';

/**
 * Opens a file named on the command line, or standard input for `-`.
 * @throws `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `FILE_IS_DIRECTORY`, `AUDIO_EMPTY`, `OPTION_INVALID` when `-` is a terminal,
 * `CANCELLED` while nobody writes to a named pipe
 */
export async function openRecording(
  input: string,
  { stdin = process.stdin, signal, followLinks = true }: OpenRecordingOptions = {},
): Promise<OpenRecording> {
  if (input === '-') {
    requireNoTerminal(stdin);
    await requireBytes(stdin);
    return { audio: stdin, byteCount: null, name: null };
  }
  const name = recordingName(input);
  const refuse = (error: NodeJS.ErrnoException): never => {
    throw error.code === 'CANCELLED' ? error : inputError(input, error);
  };
  if (followLinks && (await stat(input).catch(refuse)).isFIFO()) {
    const { openPipe } = await import('./open-pipe.ts');
    return { audio: await openPipe(input, signal).catch(refuse), byteCount: null, name };
  }
  const file = await (followLinks ? open(input) : openWithoutLinks(input)).catch(refuse);
  const found = await file.stat();
  if (found.isDirectory()) await file.close();
  requireNoFolder(input, found);
  if (!found.isFile() && !followLinks) {
    await file.close();
    throw new HearthError('FILE_NOT_FOUND', `${visibleText(input)} is a pipe or a device, and not a file.`);
  }
  if (!found.isFile()) return { audio: file.createReadStream(), byteCount: null, name };
  if (found.size === 0) {
    await file.close();
    throw new HearthError('AUDIO_EMPTY', `${visibleText(input)} is empty.`);
  }
  // A file that grows while it is sent must not outgrow the length that was announced.
  return { audio: file.createReadStream({ end: found.size - 1 }), byteCount: found.size, name };
}

export function isAddress(input: string): boolean {
  return /^https?:\/\//i.test(input);
}

/** What the daemon calls a recording, by its path. */
export function recordingName(input: string): string | null {
  return basename(input).slice(0, answerOptionTable.name.maxLength) || null;
}

/** All that is wrong with the recordings that were named, before the first one is sent. */
export function checkRecordings(inputs: readonly string[]): readonly HearthError[] {
  const problems = inputs.flatMap((input) => findProblem(input) ?? []);
  if (inputs.filter((input) => input === '-').length < 2) return problems;
  return [...problems, new HearthError('OPTION_INVALID', 'Standard input (-) can be transcribed only once.')];
}

/** The name of a recording in messages. */
export function shownName(input: string): string {
  return input === '-' ? 'standard input' : visibleText(input);
}

/** A file that is empty or is not audio fails when it is its turn, without the others. */
function findProblem(input: string): HearthError | null {
  try {
    if (input === '-') requireNoTerminal(process.stdin);
    else {
      requireNoFolder(input, statSync(input));
      accessSync(input, constants.R_OK);
    }
    return null;
  } catch (error) {
    return error instanceof HearthError ? error : inputError(input, error as NodeJS.ErrnoException);
  }
}

function requireNoTerminal(stdin: NodeJS.ReadStream): void {
  if (stdin.isTTY) throw new HearthError('OPTION_INVALID', 'Standard input is a terminal.', { hint: stdinHint });
}

/** Waits for the first bytes and leaves them in the stream. @throws `AUDIO_EMPTY` when it ends before */
async function requireBytes(stdin: Readable): Promise<void> {
  for (;;) {
    const chunk: Buffer | null = stdin.read();
    if (chunk !== null) return stdin.unshift(chunk);
    if (stdin.readableEnded) throw new HearthError('AUDIO_EMPTY', 'Standard input is empty.', { hint: stdinHint });
    await Promise.race([once(stdin, 'readable'), once(stdin, 'end')]).catch((error: NodeJS.ErrnoException) => {
      throw inputError('standard input', error);
    });
  }
}

function requireNoFolder(input: string, found: Stats): void {
  if (found.isDirectory()) {
    throw new HearthError('FILE_IS_DIRECTORY', `${visibleText(input)} is a folder.`, {
      hint: 'Add --recursive to transcribe the recordings in it.',
    });
  }
}

/** Why a file cannot be read. */
function inputError(input: string, cause: NodeJS.ErrnoException): HearthError {
  const name = input === '' ? '""' : visibleText(input);
  switch (cause.code) {
    case 'EISDIR':
      return new HearthError('FILE_IS_DIRECTORY', `${name} is a folder.`);
    case 'ENOENT':
    case 'ENOTDIR':
      return new HearthError('FILE_NOT_FOUND', `No such file: ${name}`, { hint: '', cause });
    case 'ENXIO':
      return new HearthError('FILE_NOT_FOUND', `${name} is a device that is not there.`, { hint: '', cause });
    case 'ENAMETOOLONG':
      return new HearthError('FILE_NOT_FOUND', `The name is too long for a file: ${name}`, { hint: '', cause });
    case 'ELOOP':
      return new HearthError('FILE_NOT_FOUND', `${name} is a link that leads nowhere, or where none is followed.`, {
        hint: '',
        cause,
      });
    case 'EACCES':
    case 'EPERM': {
      const hint = 'Check its permissions; on macOS also Privacy & Security > Files and Folders for your terminal.';
      return new HearthError('FILE_NOT_PERMITTED', `You may not read ${name}.`, { hint, cause });
    }
    default:
      return new HearthError('INTERNAL', `${name} cannot be opened (${cause.code}).`, { cause });
  }
}
