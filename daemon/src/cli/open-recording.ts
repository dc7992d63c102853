import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';

export interface InputRecording {
  readonly audio: Readable;
  /** Null for pipes and devices, which end when they end. */
  readonly byteCount: number | null;
}

/**
 * Opens a file named on the command line, or standard input for `-`.
 * @throws `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `FILE_IS_DIRECTORY`, `OPTION_INVALID` when `-` is a terminal
 */
export async function openRecording(name: string, stdin: NodeJS.ReadStream = process.stdin): Promise<InputRecording> {
  if (name === '-') {
    requireNoTerminal(stdin);
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
    throw new HearthError('AUDIO_EMPTY', `Expected a recording, got the empty file ${name}.`);
  }
  // A file that grows while it is sent must not outgrow the length that was announced.
  return { audio: file.createReadStream({ end: found.size - 1 }), byteCount: found.size };
}

/** @throws `OPTION_INVALID` */
export function requireNoTerminal(stdin: NodeJS.ReadStream): void {
  if (!stdin.isTTY) return;
  throw new HearthError('OPTION_INVALID', 'Expected a recording on standard input, got a terminal.', {
    hint: 'Pipe one in, for example `hearth transcribe - < talk.mp3`.',
  });
}

/** @throws `FILE_IS_DIRECTORY` */
export function requireNoFolder(name: string, found: Stats): void {
  if (found.isDirectory()) throw new HearthError('FILE_IS_DIRECTORY', `Expected a recording, got the folder ${name}.`);
}

/** Why a file cannot be read. */
export function inputError(name: string, error: NodeJS.ErrnoException): HearthError {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new HearthError('FILE_NOT_FOUND', `Expected a file at ${name}, got nothing there.`, { cause: error });
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new HearthError('FILE_NOT_PERMITTED', `Expected to be allowed to read ${name}, got ${error.code}.`, {
      hint: 'Check its permissions; on macOS also Privacy & Security > Files and Folders for your terminal.',
      cause: error,
    });
  }
  if (error.code === 'ENAMETOOLONG' || error.code === 'ELOOP') {
    return new HearthError('FILE_NOT_FOUND', `Expected a file, got ${name}, which no file can be called.`, {
      cause: error,
    });
  }
  return new HearthError('INTERNAL', `Expected to open ${name}, got ${error.message}.`, { cause: error });
}
