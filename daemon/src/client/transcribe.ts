import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError } from '../errors/wire-error.ts';
import type { JobEvent } from '../messages/job-events.ts';
import type { WireTranscript } from '../messages/wire-transcript.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { readJsonLines } from './read-json-lines.ts';
import { cancelled, connectionError, requestOverSocket } from './request-over-socket.ts';
import { responseError } from './response-error.ts';
import { transcriptionQuery } from './transcription-query.ts';

/** By somebody else: whoever waits for it did not ask for that. */
const jobCancelledMessage = 'The job was cancelled, with `hearth jobs cancel` or because the daemon stopped.';

export interface TranscribeRequest {
  readonly socketPath: string;
  /** The recording's bytes, whatever its format. */
  readonly audio: Readable;
  /** Known for files, so that the daemon can refuse what does not fit before it is sent; null when it is not known. */
  readonly byteCount: number | null;
  /** What the recording is called in lists and the history. */
  readonly name?: string | null;
  readonly options?: TranscriptionOptions;
  /** Hears which version of Hearth the daemon is. */
  readonly onVersion?: (version: string) => void;
  readonly onEvent?: (event: JobEvent) => void;
  /** Aborting closes the connection, which cancels the job. */
  readonly signal?: AbortSignal;
}

/**
 * Streams a recording to the daemon and follows its job to the end.
 * @throws the job's own error, `CANCELLED`, `DAEMON_UNREACHABLE`, what reading `audio` throws
 */
export async function transcribe(request: TranscribeRequest): Promise<WireTranscript> {
  const { socketPath, audio, byteCount, name = null, options = {}, signal } = request;
  const response = await requestOverSocket({
    socketPath,
    method: 'POST',
    path: `/v1/transcriptions${transcriptionQuery({ ...options, ...(name !== null && { name }) })}`,
    headers: {
      accept: 'application/x-ndjson',
      'content-type': 'application/octet-stream',
      ...(byteCount === null ? {} : { 'content-length': byteCount }),
    },
    body: audio,
    signal,
  });
  const version = response.headers['hearth-version'];
  if (typeof version === 'string') request.onVersion?.(version);
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  return followToEnd(response, request);
}

async function followToEnd(response: IncomingMessage, request: TranscribeRequest): Promise<WireTranscript> {
  for await (const event of readEvents(response, request)) {
    request.onEvent?.(event);
    if (event.type === 'job-done') return event.result;
    if (event.type === 'job-failed') throw fromWireError(event.error);
    if (event.type === 'job-cancelled') {
      throw request.signal?.aborted ? cancelled() : new HearthError('JOB_CANCELLED', jobCancelledMessage);
    }
  }
  throw new HearthError('DAEMON_UNREACHABLE', 'The daemon went away before the job ended.');
}

async function* readEvents(response: IncomingMessage, request: TranscribeRequest): AsyncGenerator<JobEvent> {
  try {
    yield* readJsonLines<JobEvent>(response);
  } catch (error) {
    throw connectionError(error as NodeJS.ErrnoException, request);
  }
}
