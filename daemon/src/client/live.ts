import { Readable } from 'node:stream';
import type { JobEvent } from '../protocol/job-events.ts';
import type { AnswerOptions } from '../protocol/options/answer-option-table.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { jobEvents } from './jobs.ts';
import { type Daemon, request, requestJson } from './request.ts';
import { transcriptionQuery } from './transcriptions.ts';

type LiveOptions = TranscriptionOptions & Pick<AnswerOptions, 'history' | 'rate' | 'channels' | 'encoding'>;

export interface LiveRequest {
  /** WAV, or raw samples with the option `rate`, in pieces of any size as they come. Its end ends the session. */
  readonly audio: AsyncIterable<Uint8Array>;
  /** What the session is called in lists and the history. */
  readonly name?: string | null;
  readonly options?: LiveOptions;
}

/**
 * Sends sound while it comes and yields the events of its job meanwhile: `text-tentative` for what may still change,
 * `text-committed` for what does not, and `job-done` with the whole transcript as the last one. Aborting the daemon's
 * signal, or leaving the loop, breaks the connection: what was sent is transcribed all the same and goes into the history.
 * @throws the job's own error, `JOB_CANCELLED`, `CANCELLED`, `CONNECTION_LOST`, `DAEMON_UNREACHABLE`
 */
export function transcribeLive(daemon: Daemon, { audio, name, options }: LiveRequest): AsyncGenerator<JobEvent> {
  const query = transcriptionQuery({ name, options: { ...options, live: true } });
  return sendAndFollow(daemon, `/v1/transcriptions${query}`, audio);
}

export interface ContinueLiveRequest extends Pick<LiveRequest, 'audio'> {
  readonly jobId: string;
  /** Where `audio` begins, in bytes of all that was sent; at most `receivedBytes` of the job. */
  readonly offset: number;
  /** Number of the first event to hear of. */
  readonly from?: number;
}

/** Goes on with a session whose connection broke less than a minute ago. @throws what `transcribeLive` throws, `REQUEST_INVALID` */
export function continueLive(
  daemon: Daemon,
  { jobId, offset, audio, from = 0 }: ContinueLiveRequest,
): AsyncGenerator<JobEvent> {
  const query = new URLSearchParams({ offset: String(offset), from: String(from) });
  return sendAndFollow(daemon, `/v1/jobs/${encodeURIComponent(jobId)}/audio?${query}`, audio);
}

async function* sendAndFollow(
  daemon: Daemon,
  path: string,
  audio: AsyncIterable<Uint8Array>,
): AsyncGenerator<JobEvent> {
  const response = await request(daemon, {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/octet-stream', accept: 'application/x-ndjson' },
    body: Readable.from(audio, { objectMode: false }),
  });
  try {
    yield* jobEvents(daemon, response);
  } finally {
    response.destroy();
  }
}

/** Begins to load a model, the default one without a name, and answers before it is there. @throws `MODEL_NOT_FOUND` */
export async function warmModel(daemon: Daemon, name?: string): Promise<void> {
  await requestJson(daemon, { method: 'POST', path: '/v1/warm', body: { model: name } });
}
