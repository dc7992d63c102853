import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import { homePaths } from '../settings/home-paths.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { logLine } from './log-line.ts';
import { printText } from './terminal/print.ts';

const pollMs = 200;

/** `hearth logs`: the last lines, and what comes after them. */
export async function runLogs({
  follow,
  lines,
}: {
  readonly follow: boolean;
  readonly lines: number;
}): Promise<ExitCode> {
  const { logFile } = homePaths();
  if (!existsSync(logFile)) {
    throw new HearthError('FILE_NOT_FOUND', `There is no log yet (${logFile}).`, {
      hint: 'The first daemon starts it: `hearth start`.',
    });
  }
  const older = readIfThere(`${logFile}.1`);
  const text = readFileSync(logFile, 'utf8');
  print(`${older}${text}`.split('\n').filter(Boolean).slice(-lines));
  if (follow) await followFile(logFile, Buffer.byteLength(text));
  return exitCodes.ok;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function print(lines: readonly string[]): void {
  for (const line of lines) printText(`${logLine(line)}\n`);
}

/** Reads on at the end of a file, also when another takes its place, until Ctrl-C. */
async function followFile(path: string, from: number): Promise<void> {
  const signal = interruptSignal();
  let { ino } = statSync(path);
  let position = from;
  let unfinished = '';
  while (!signal.aborted) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status !== undefined && (status.ino !== ino || status.size < position)) {
      ino = status.ino;
      position = 0;
    }
    if (status !== undefined && status.size > position) {
      const chunks = await createReadStream(path, { start: position, end: status.size - 1 }).toArray();
      position = status.size;
      const pieces = (unfinished + Buffer.concat(chunks as Buffer[]).toString()).split('\n');
      unfinished = pieces.pop() ?? '';
      print(pieces);
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
