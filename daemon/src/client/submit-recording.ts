import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { requestOverSocket } from './request-over-socket.ts';
import { responseError } from './response-error.ts';
import { transcriptionQuery } from './transcription-query.ts';

export interface SubmitRequest {
  readonly socketPath: string;
  readonly audio: Readable;
  readonly byteCount: number | null;
  readonly name: string | null;
  readonly options: TranscriptionOptions;
  readonly signal?: AbortSignal;
}

/** Hands a recording over as a job that goes on without its client; the job's id. @throws what the daemon answers, `CANCELLED` */
export async function submitRecording(request: SubmitRequest): Promise<string> {
  const { socketPath, audio, byteCount, name, options, signal } = request;
  const response = await requestOverSocket({
    ...{ socketPath, method: 'POST', body: audio, signal },
    path: `/v1/transcriptions${transcriptionQuery({ ...options, detach: true, ...(name !== null && { name }) })}`,
    headers: {
      'content-type': 'application/octet-stream',
      ...(byteCount === null ? {} : { 'content-length': byteCount }),
    },
  });
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  return ((await json(response)) as { readonly id: string }).id;
}
