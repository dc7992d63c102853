import { spawn } from 'node:child_process';
import { basename, dirname, isAbsolute } from 'node:path';
import { Readable } from 'node:stream';
import { findProgram } from '@hearth/launchd';
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { shorten } from '../errors/shorten.ts';
import { followRecording, makeRecordingPath } from './record-to-file.ts';
import { type RecorderCommand, recorderCommands } from './recorder-commands.ts';

/** Sound of the microphone while it comes: 16 kHz, one channel, 16 bits, little endian. */
export interface Recorder {
  /** Name of the program. */
  readonly program: string;
  /** Pieces of any size, until `stop` or until the program ends. */
  readonly sound: AsyncIterable<Uint8Array>;
  /** Ends the recording. What was recorded still comes. */
  stop(): void;
  /** What the program failed with, once it has ended; null if it was told to end and lost nothing. */
  readonly ended: Promise<HearthError | null>;
  /** Why the programs before it gave no sound. */
  readonly passedOver: readonly HearthError[];
}

export interface StartRecorderRequest {
  /** The program's own name of a microphone; null for the usual one. */
  readonly device: string | null;
  readonly platform?: NodeJS.Platform;
  /** The best first; those of the platform if missing. */
  readonly commands?: readonly RecorderCommand[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Where package managers put programs that are not on a short PATH. */
const foldersOfPackageManagers = ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'];
/** Time for a program that was asked to end, after which it is killed. */
const stopLimitMs = 3000;

/**
 * Starts the first program that gives sound. One that is there and gives none, for example without a sound server, makes
 * way for the next.
 * @throws `RECORDER_NOT_FOUND` if there is no program, `RECORDER_FAILED` with what each said if none gives sound
 */
export async function startRecorder(request: StartRecorderRequest): Promise<Recorder> {
  const { device, platform = process.platform, environment = process.env } = request;
  const { commands = recorderCommands(platform, device) } = request;
  const failures: HearthError[] = [];
  for (const command of commands) {
    const path = findRecorder(command.program, environment['PATH']);
    if (path === null) continue;
    const recorder = await record(path, command, environment);
    const failure = await recorder.begun;
    if (failure === null) return { ...recorder, passedOver: failures };
    failures.push(failure);
  }
  const [failure = notFound(commands)] = failures;
  if (failures.length < 2) throw failure;
  throw new HearthError('RECORDER_FAILED', failures.map(({ message }) => message).join(' '));
}

function findRecorder(program: string, searchPath: string | undefined): string | null {
  if (isAbsolute(program))
    return findProgram({ name: basename(program), searchPath: dirname(program), otherFolders: [] });
  return findProgram({ name: program, searchPath, otherFolders: foldersOfPackageManagers });
}

async function record(
  program: string,
  { values, writesFile = false }: RecorderCommand,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Omit<Recorder, 'passedOver'> & { readonly begun: Promise<HearthError | null> }> {
  const path = writesFile ? await makeRecordingPath() : null;
  const child = spawn(program, path === null ? values : [...values, path], { env: { ...environment } });
  let said = '';
  let isStopping = false;
  let killTimer: NodeJS.Timeout | undefined;
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-2000);
  });
  const ended = new Promise<HearthError | null>((resolve) => {
    child.once('error', (cause) => resolve(failed(program, '', cause)));
    child.once('close', () => {
      clearTimeout(killTimer);
      resolve(toldFailure(said) ?? (isStopping ? null : failed(program, said)));
    });
  });
  const sound = path === null ? child.stdout : Readable.from(followRecording(path, ended), { objectMode: false });
  if (path === null) child.stdin.end();
  else child.stdout.resume();
  const begun = new Promise<null>((resolve) => {
    sound.once('readable', () => sound.readableLength > 0 && resolve(null));
  });
  return {
    program: basename(program),
    sound,
    stop() {
      if (isStopping) return;
      // A program whose sound has ended was not told to end it.
      isStopping = !sound.readableEnded;
      if (path === null) child.kill('SIGTERM');
      else child.stdin.end();
      // One that has ended keeps nobody waiting.
      killTimer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs).unref();
    },
    ended,
    begun: Promise.race([begun, ended]),
  };
}

/** What Hearth's own recorder says: a code of ours and a sentence. Null for what other programs say. */
function toldFailure(said: string): HearthError | null {
  const [, code = '', message = ''] = /^(RECORDER_[A-Z]+) (.+)$/.exec(lastLineOf(said)) ?? [];
  return code in errorCodes ? new HearthError(code as ErrorCode, message) : null;
}

function failed(path: string, said: string, cause?: unknown): HearthError {
  const lastLine = lastLineOf(said);
  const quoted = lastLine === '' ? '' : ` It said: ${shorten(lastLine, 200)}`;
  return new HearthError('RECORDER_FAILED', `The recorder ${basename(path)} ended.${quoted}`, { cause });
}

function lastLineOf(said: string): string {
  return said.trim().split('\n').at(-1)?.trim() ?? '';
}

function notFound(commands: readonly RecorderCommand[]): HearthError {
  const names = commands.map(({ program }) => basename(program)).join(', ');
  return new HearthError('RECORDER_NOT_FOUND', `Expected a program that records (${names}), found none.`, {
    hint: `Install one: ${commands[0]?.advice}.`,
  });
}
