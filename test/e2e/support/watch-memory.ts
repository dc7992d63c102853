import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readResidency } from '../../../daemon/src/client/health.ts';
import type { Transcript } from '../../../daemon/src/protocol/transcript.ts';
import { recordingPath } from '../../engine/support/recordings.ts';
import { type RunningDaemon, startDaemon } from './start-daemon.ts';

export interface WatchMemoryRequest {
  /** Numbers of requests after which memory is read, in their order; the last one ends it. */
  readonly milestones: readonly number[];
  readonly onMilestone?: (memory: MemoryAfter) => void;
  /** Aborted, it ends its daemon before the next request and rejects. */
  readonly signal?: AbortSignal;
}

export interface MemoryAfter {
  readonly requests: number;
  readonly engineBytes: number;
  readonly serverBytes: number;
}

export interface WatchedMemory {
  readonly milestones: readonly MemoryAfter[];
  /** Requests that took other windows, tokens or, one window after the other, decoder steps than the first time. */
  readonly unsteady: readonly string[];
}

/** Of every length, silence and noise included; the engine reads all of them itself. */
const shortFiles = [
  ...['jfk.flac', 'picovoice_leopard_ja.wav', 'pocketsphinx_cards_001.wav', 'mfa_13697_11991_000000.opus'],
  ...['silence_30s.flac', 'whisperkit_VADAudio.flac', 'msft_weather.mp3', 'sb_noise2.wav', 'sr_stereo24.flac'],
];
const queries = ['', 'language=en', 'wordTimestamps=true', 'beamSize=2', 'vad=false'];
/** Every so many requests one is of several windows; alternately one after the other and together. */
const longEvery = 6;
const longQueries = ['', 'batchSize=4'];
/** For its first half hour a daemon without written settings forgets no job, and grows with each. */
const writtenSettings = { HEARTH_MAX_FINISHED_JOBS: '100' };
/** Two heartbeats of the engine, so that the memory that it tells is that of an idle one. */
const settleMs = 2100;

/** Sends request after request to a real daemon and reads what memory its two processes take. */
export async function watchMemory({ milestones, onMilestone, signal }: WatchMemoryRequest): Promise<WatchedMemory> {
  const daemon = await startDaemon({ environment: writtenSettings });
  const firstCounts = new Map<string, string>();
  const unsteady: string[] = [];
  const read: MemoryAfter[] = [];
  try {
    for (let index = 0; index < (milestones.at(-1) ?? 0); index += 1) {
      signal?.throwIfAborted();
      const { file, query } = requestAt(index);
      const counts = await transcribe(daemon, file, query);
      const name = `${file}?${query}`;
      const first = firstCounts.get(name) ?? counts;
      firstCounts.set(name, first);
      if (counts !== first) unsteady.push(`${name}, request ${index + 1}: ${counts} after ${first}`);
      if (milestones.includes(index + 1)) {
        const memory = await readMemory(daemon, index + 1);
        onMilestone?.(memory);
        read.push(memory);
      }
    }
  } finally {
    await daemon.stop();
  }
  return { milestones: read, unsteady };
}

function requestAt(index: number): { readonly file: string; readonly query: string } {
  if (index % longEvery === longEvery - 1) {
    const query = longQueries[Math.floor(index / longEvery) % longQueries.length] as string;
    return { file: 'librispeech-1688-joined.flac', query };
  }
  const file = shortFiles[index % shortFiles.length] as string;
  // Twice the same of each file, so that they can be compared, and then another.
  const round = Math.floor(index / (2 * shortFiles.length));
  return { file, query: queries[((index % shortFiles.length) + round) % queries.length] as string };
}

async function transcribe(daemon: RunningDaemon, file: string, query: string): Promise<string> {
  const answer = await daemon.ask({
    path: `/v1/transcriptions?${query}`,
    headers: { accept: 'application/json' },
    body: createReadStream(recordingPath(file)),
  });
  if (answer.status !== 200) throw new Error(`Expected a transcript of ${file}, got ${answer.text}`);
  const { windows, decoder_steps: steps, tokens } = answer.json<Transcript>().timings;
  // Windows that are decoded together share their steps, and when each joins depends on how long the others were encoded.
  const isTogether = query.includes('batchSize');
  return isTogether ? `${windows} windows, ${tokens} tokens` : `${windows} windows, ${steps} steps, ${tokens} tokens`;
}

async function readMemory(daemon: RunningDaemon, requests: number): Promise<MemoryAfter> {
  await delay(settleMs);
  const { engine, server } = await readResidency(daemon);
  if (engine.memory === null) throw new Error('Expected an engine that runs, got none.');
  return { requests, engineBytes: engine.memory.residentBytes, serverBytes: server.residentBytes };
}
