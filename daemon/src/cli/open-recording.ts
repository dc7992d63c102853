import { once } from 'node:events';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';

export interface InputRecording {
  readonly audio: Readable;
  /** Null for pipes and devices, which end when they end. */
  readonly byteCount: number | null;
}

const stdinHint = 'Pipe a recording in, for example `hearth transcribe - < talk.mp3`.';

/**
 * Opens a file named on the command line, or standard input for `-`.
 * @throws `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `FILE_IS_DIRECTORY`, `OPTION_INVALID` when `-` is a terminal
 */
export async function openRecording(name: string, stdin: NodeJS.ReadStream = process.stdin): Promise<InputRecording> {
  if (name === '-') {
    requireNoTerminal(stdin);
    await requireBytes(stdin);
    return { audio: stdin, byteCount: null };
  }
  const file = await open(name).catch((error: NodeJS.ErrnoException) => {
    throw inputError(name, error);
  });
  const found = await file.stat();
  if (found.isDirectory()) await file.close();
  requireNoFolder(name, found);
  if (!found.isFile()) return { audio: file.createReadStream(), byteCount: null };
  if (found.size === 0) {
    await file.close();
    throw new HearthError('AUDIO_EMPTY', `${visibleText(name)} is empty.`);
  }
  // A file that grows while it is sent must not outgrow the length that was announced.
  return { audio: file.createReadStream({ end: found.size - 1 }), byteCount: found.size };
}

/** @throws `OPTION_INVALID` */
export function requireNoTerminal(stdin: NodeJS.ReadStream): void {
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

/** @throws `FILE_IS_DIRECTORY` */
export function requireNoFolder(name: string, found: Stats): void {
  if (found.isDirectory()) throw new HearthError('FILE_IS_DIRECTORY', `${visibleText(name)} is a folder.`);
}

/** Why a file cannot be read. */
export function inputError(name: string, error: NodeJS.ErrnoException): HearthError {
  if (error.code === 'EISDIR') return new HearthError('FILE_IS_DIRECTORY', `${visibleText(name)} is a folder.`);
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new HearthError('FILE_NOT_FOUND', `No such file: ${name === '' ? '""' : visibleText(name)}`, {
      hint: '',
      cause: error,
    });
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new HearthError('FILE_NOT_PERMITTED', `You may not read ${visibleText(name)}.`, {
      hint: 'Check its permissions; on macOS also Privacy & Security > Files and Folders for your terminal.',
      cause: error,
    });
  }
  if (error.code === 'ENAMETOOLONG' || error.code === 'ELOOP') {
    return new HearthError('FILE_NOT_FOUND', `No file can be called ${visibleText(name)}.`, { hint: '', cause: error });
  }
  return new HearthError('INTERNAL', `${visibleText(name)} cannot be opened (${error.code}).`, { cause: error });
}
