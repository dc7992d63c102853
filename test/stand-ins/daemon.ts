import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobEvent } from '../../daemon/src/protocol/job-events.ts';
import type { Segment, Transcript } from '../../daemon/src/protocol/transcript.ts';
import { noTimings } from './timings.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface StandInDaemon {
  /** Value for `HEARTH_HOME`. */
  readonly home: string;
  readonly socketPath: string;
  readonly close: () => Promise<void>;
}

/** A server on a real socket in a home folder of its own that answers as a test wants. */
export async function startStandInDaemon(answer: Answer): Promise<StandInDaemon> {
  const home = await mkdtemp(join(tmpdir(), 'hearth-'));
  const socketPath = join(home, 'hearth.sock');
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    home,
    socketPath,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Lines of a job's event stream, numbered. */
export function jobEvents(...events: readonly DistributiveOmit<JobEvent, 'seq' | 'jobId'>[]): string {
  return events.map((event, seq) => `${JSON.stringify({ seq, jobId: 'job-1', ...event })}\n`).join('');
}

export const health = {
  status: 'ok',
  version: '0.1.0',
  processId: process.pid,
  uptimeSeconds: 75,
  listen: null,
  engine: { status: 'ready', loadingProgress: null, model: 'whisper-base-4bit', restarts: 0, lastError: null },
  jobs: { queued: 0, running: 1 },
  problems: [],
  warnings: [],
} as const;

export function segment(start: number, end: number, text: string): Segment {
  const decoding = { tokens: [50364], temperature: 0, avg_logprob: -0.2, compression_ratio: 1.4, no_speech_prob: 0.01 };
  return { id: 0, seek: 0, start, end, text, ...decoding };
}

export function transcript(segments: readonly Segment[], warnings: readonly string[] = []): Transcript {
  return {
    text: segments.map(({ text }) => text).join(''),
    segments,
    language: 'en',
    language_probability: 0.98,
    language_probabilities: { en: 0.98 },
    task: 'transcribe',
    duration: segments.at(-1)?.end ?? 0,
    model: 'whisper-base-4bit',
    timings: {
      ...noTimings,
      encode: 0.1,
      decode: 0.2,
      decode_prompt: 0.05,
      decode_host: 0.011,
      decode_device: 0.176,
      total: 0.32,
      windows: 1,
      decoder_steps: 11,
      tokens: 10,
      draft_tokens: 0,
      accepted_draft_tokens: 0,
    },
    warnings,
  };
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
