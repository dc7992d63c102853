import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HearthError } from '../../errors/hearth-error.ts';
import { downloadError } from './download-error.ts';
import type { YtDlpNetwork } from './yt-dlp-network.ts';

/** The user's yt-dlp, and how it reaches the network. */
export interface YtDlp extends YtDlpNetwork {
  readonly program: string;
}

export interface RunYtDlpRequest {
  readonly ytDlp: YtDlp;
  readonly words: readonly string[];
  readonly url: string;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

const mostComplaints = 20;

/**
 * Runs yt-dlp with the user's own configuration, and hands on the lines of its standard output.
 * @throws `ADDRESS_UNREADABLE`, `DISK_FULL`, `CANCELLED`, `DOWNLOADER_MISSING`
 */
export async function runYtDlp({ ytDlp, words, url, signal, onLine }: RunYtDlpRequest): Promise<void> {
  signal.throwIfAborted();
  // In a group of its own, with the programs that it starts: they end together, by our signal only.
  const child = spawn(ytDlp.program, [...ytDlp.options, ...words], {
    env: { ...process.env, ...ytDlp.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
  };
  signal.addEventListener('abort', end);
  process.once('exit', end);
  const complaints: string[] = [];
  try {
    const closed = once(child, 'close').catch((cause) => {
      throw new HearthError('DOWNLOADER_MISSING', 'yt-dlp cannot be started.', { cause });
    });
    const complain = (line: string) => void (complaints.length < mostComplaints && complaints.push(line));
    await Promise.all([closed, readLines(child.stdout, onLine), readLines(child.stderr, complain)]);
    if (signal.aborted) throw new HearthError('CANCELLED', 'The download was cancelled.');
    if (child.exitCode !== 0) throw downloadError(url, complaints);
  } finally {
    signal.removeEventListener('abort', end);
    process.off('exit', end);
  }
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) onLine(line);
}
