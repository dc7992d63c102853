import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import type { JobDetails } from '../protocol/job.ts';
import type { JobEvent } from '../protocol/job-events.ts';
import type { AnswerOptions } from '../protocol/options/answer-option-table.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { readToEnd } from './jobs.ts';
import { type Daemon, type DaemonRequest, request, requestJson } from './request.ts';
import { whileAnswering } from './while-answering.ts';

export interface SubmitRequest {
  /** The recording's bytes, whatever its format. */
  readonly audio: Readable;
  /** Set for files, so that the daemon can refuse one that does not fit before it is sent; null if unknown. */
  readonly byteCount: number | null;
  /** What the recording is called in lists and the history. */
  readonly name?: string | null;
  readonly options?: TranscriptionOptions & Pick<AnswerOptions, 'priority' | 'history'>;
}

export interface TranscribeRequest extends SubmitRequest {
  readonly onEvent?: (event: JobEvent) => void;
}

/** The daemon reads a request head of 16 KiB; the rest is for the other header lines. */
const maxQueryLength = 15 * 1024;

/**
 * Streams a recording to the daemon and follows its job to the end. Aborting the daemon's signal cancels the job.
 * @throws the job's own error, `JOB_CANCELLED`, `CANCELLED`, `CONNECTION_LOST`, `DAEMON_UNREACHABLE`,
 * `DAEMON_NOT_ANSWERING`, what reading `audio` throws
 */
export async function transcribe(daemon: Daemon, asked: TranscribeRequest): Promise<Transcript> {
  const upload = uploadOf(asked, transcriptionQuery(asked));
  const headers = { ...upload.headers, accept: 'application/x-ndjson' };
  return whileAnswering(daemon, async (watched) =>
    readToEnd(watched, await request(watched, { ...upload, headers }), asked.onEvent),
  );
}

/** Sends a recording as a job that continues without its client. @throws what `transcribe` throws, but not the job's error */
export async function submitJob(daemon: Daemon, asked: SubmitRequest): Promise<JobDetails> {
  const upload = uploadOf(asked, transcriptionQuery(asked, { detach: 'true' }));
  return whileAnswering(daemon, (watched) => requestJson(watched, upload));
}

function uploadOf({ audio, byteCount }: SubmitRequest, query: string): DaemonRequest {
  const length = byteCount === null ? {} : { 'content-length': byteCount };
  return {
    method: 'POST',
    path: `/v1/transcriptions${query}`,
    headers: { 'content-type': 'application/octet-stream', ...length },
    body: audio,
  };
}

interface Named<Options> {
  readonly name?: string | null | undefined;
  readonly options?: Options | undefined;
}

/** A list is repeated, one value each. @throws `OPTION_INVALID` if there is more text than a request can carry */
export function transcriptionQuery(
  { options = {}, name = null }: Named<TranscriptionOptions & AnswerOptions>,
  others: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams();
  for (const [option, value] of Object.entries(options)) {
    for (const item of [value].flat()) query.append(option, String(item));
  }
  for (const [parameter, value] of Object.entries(others)) query.append(parameter, value);
  if (name !== null) query.append('name', name);
  const text = query.toString();
  if (text.length > maxQueryLength) throw tooLong(query);
  return text === '' ? '' : `?${text}`;
}

function tooLong(query: URLSearchParams): HearthError {
  const byLength = [...query].toSorted(([, a], [, b]) => b.length - a.length);
  const longest = byLength[0]?.[0] ?? 'an option';
  return new HearthError('OPTION_INVALID', `The text of ${longest} is too long for a request.`, {
    hint: 'Shorten it: only the last 223 tokens of a prompt and the first of hotwords count.',
  });
}
