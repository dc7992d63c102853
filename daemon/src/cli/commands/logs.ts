import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { interruptSignal } from '../terminal/interrupt-signal.ts';
import { printText } from '../terminal/print.ts';
import { localSecond } from '../terminal/time-text.ts';
import { parseCount } from '../usage/argument-checks.ts';

const pollMs = 200;
const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** `hearth logs`. */
export function define(command: Command): void {
  command
    .description("Shows the daemon's log. It never contains transcribed text.")
    .option('-f, --follow', 'Keep printing new lines until Ctrl-C.')
    .option('-n, --lines <n>', 'Number of lines to show.', parseCount, 50)
    .action(logs);
}

async function logs({ follow = false, lines }: { readonly follow?: boolean; readonly lines: number }): Promise<void> {
  const { logFile } = homePaths();
  if (!existsSync(logFile)) {
    throw new HearthError('FILE_NOT_FOUND', `There is no log yet (${logFile}).`, {
      hint: 'The daemon creates it: run `hearth start`.',
    });
  }
  const olderFile = `${logFile}.1`;
  const older = existsSync(olderFile) ? readFileSync(olderFile, 'utf8') : '';
  const text = readFileSync(logFile, 'utf8');
  print(`${older}${text}`.split('\n').filter(Boolean).slice(-lines));
  if (follow) await followFile(logFile, Buffer.byteLength(text));
}

function print(lines: readonly string[]): void {
  for (const line of lines) printText(`${textOf(line)}\n`);
}

/** Prints what is added to a file, also when a new file replaces it, until Ctrl-C. */
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

/** A line of the log for people: local time, level, message, then the other values. Other lines than JSON stay as they are. */
function textOf(line: string): string {
  const entry = parseEntry(line);
  if (entry === null) return visibleText(line);
  const { level, time, msg, processId: _, ...rest } = entry;
  const words = Object.entries(rest).map(([name, value]) => `${name}=${valueText(value)}`);
  const moment = new Date(String(time));
  const when = Number.isNaN(moment.getTime()) ? '' : localSecond(moment);
  return visibleText([when, (levels[Number(level)] ?? '').padEnd(5), msg, ...words].join(' ').trim());
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const entry: unknown = JSON.parse(line);
    return entry !== null && typeof entry === 'object' ? (entry as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Numbers are rounded to thousandths. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toFixed(3)) : each)) ?? '';
}
