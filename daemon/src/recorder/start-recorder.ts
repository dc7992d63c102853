import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { findProgram } from '@hearth/launchd';
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
  /** What the program failed with, once it has ended; null if it was told to end. */
  readonly ended: Promise<HearthError | null>;
}

export interface StartRecorderRequest {
  /** The program's own name of a microphone; null for the usual one. */
  readonly device: string | null;
  readonly platform?: NodeJS.Platform;
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
  const commands = recorderCommands(platform, device);
  const failures: string[] = [];
  for (const command of commands) {
    const searchPath = environment['PATH'];
    const path = findProgram({ name: command.program, searchPath, otherFolders: foldersOfPackageManagers });
    if (path === null) continue;
    const recorder = await record(path, command, environment);
    const failure = await recorder.begun;
    if (failure === null) return recorder;
    failures.push(failure.message);
  }
  throw failures.length === 0 ? notFound(commands) : new HearthError('RECORDER_FAILED', failures.join(' '));
}

async function record(
  program: string,
  { values, writesFile = false }: RecorderCommand,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Recorder & { readonly begun: Promise<HearthError | null> }> {
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
      resolve(isStopping ? null : failed(program, said));
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
      killTimer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    },
    ended,
    begun: Promise.race([begun, ended]),
  };
}

function failed(path: string, said: string, cause?: unknown): HearthError {
  const lastLine = said.trim().split('\n').at(-1)?.trim() ?? '';
  const quoted = lastLine === '' ? '' : ` It said: ${shorten(lastLine, 200)}`;
  return new HearthError('RECORDER_FAILED', `The recorder ${basename(path)} ended.${quoted}`, { cause });
}

function notFound(commands: readonly RecorderCommand[]): HearthError {
  const names = commands.map(({ program }) => program).join(', ');
  return new HearthError('RECORDER_NOT_FOUND', `Expected a program that records (${names}), found none.`, {
    hint: `Install one: ${commands[0]?.advice}.`,
  });
}
