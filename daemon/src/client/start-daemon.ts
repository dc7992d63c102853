import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { writeError } from '../errors/write-error.ts';
import { makeFolders } from '../settings/make-folders.ts';
import { openEmptyOutput } from '../settings/open-output.ts';
import { requireOwnHome } from '../settings/require-own-home.ts';
import { afterRunningFor } from '../time/after-running-for.ts';
import { readHealth } from './health.ts';
import { cancelled } from './request.ts';

export interface StartDaemonRequest {
  readonly socketPath: string;
  /** Receives what the daemon prints before its own log is open, and why it ended. */
  readonly outputPath: string;
  readonly serverModule: string;
  readonly limitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const pollMs = 20;
const tailLines = 10;

/**
 * Starts the daemon in the background and waits until it answers. One that takes longer goes on: it may be recovering a
 * large history, and would begin with that anew.
 * @throws `DAEMON_FAILED_TO_START` with the end of its output, `HOME_NOT_WRITABLE`, `CANCELLED`
 */
export async function startDaemon(request: StartDaemonRequest): Promise<void> {
  const { socketPath, outputPath, limitMs = 60_000, signal } = request;
  requireOwnHome(dirname(socketPath));
  const child = spawnDetached(request);
  let ending: string | null = null;
  child.once('error', (error) => {
    ending = systemReason(error);
  });
  child.once('exit', (code, signal) => {
    // With 0, another daemon was faster and will answer.
    if (code !== 0) ending = signal ?? `exit code ${code}`;
  });
  let isLate = false;
  const timer = afterRunningFor(limitMs, () => {
    isLate = true;
  });
  try {
    while (!(await answers(socketPath))) {
      if (ending !== null) throw failedToStart(ending, outputPath);
      if (isLate) throw stillStarting(limitMs / 1000, outputPath);
      if (signal?.aborted) throw cancelled();
      await delay(pollMs);
    }
  } finally {
    timer.stop();
  }
}

function spawnDetached({ socketPath, outputPath, serverModule }: StartDaemonRequest): ChildProcess {
  const output = openOutput(outputPath);
  try {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', serverModule], {
      cwd: dirname(socketPath),
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

function openOutput(path: string): number {
  try {
    makeFolders(dirname(path), 0o700);
    return openEmptyOutput(path);
  } catch (cause) {
    throw writeError(path, cause, { code: 'HOME_NOT_WRITABLE' });
  }
}

async function answers(socketPath: string): Promise<boolean> {
  try {
    await readHealth({ socketPath });
    return true;
  } catch {
    return false;
  }
}

function failedToStart(got: string, outputPath: string): HearthError {
  return startError(`The daemon did not start: ${got}.`, outputPath, `The full output is in ${outputPath}.`);
}

function stillStarting(seconds: number, outputPath: string): HearthError {
  const hint = 'It goes on starting, for example with a large history to recover: `hearth status` says when it runs.';
  return startError(`The daemon has not started: no answer in ${seconds} s.`, outputPath, hint);
}

function startError(sentence: string, outputPath: string, hint: string): HearthError {
  const tail = readFileSync(outputPath, 'utf8').trim().split('\n').slice(-tailLines).join('\n');
  const message = [sentence, ...(tail === '' ? [] : ['Its output ends with:', tail])].join('\n');
  return new HearthError('DAEMON_FAILED_TO_START', message, { hint, hasLines: true });
}
