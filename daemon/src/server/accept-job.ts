import type { Job, JobPriority } from '../jobs/job.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import type { ServerRequest } from './create-server.ts';
import type { ReceivedRecording } from './receive-recording.ts';

/** An hour of speech as Opus, half an hour as mp3, nine minutes as plain samples. */
const longRecordingBytes = 16 * 1024 * 1024;

export interface AcceptJobRequest {
  readonly client: string;
  readonly options: TranscriptionOptions;
  readonly detached: boolean;
  readonly priority: JobPriority | undefined;
  readonly kept: boolean;
  /** Takes in the recording, once there is room for its job. */
  readonly receive: () => Promise<ReceivedRecording & { readonly name: string | null }>;
}

/**
 * Takes a recording and makes a job of it. Whatever goes wrong, no upload is left.
 * @throws `QUEUE_FULL`, `SHUTTING_DOWN`, `MODEL_NOT_FOUND`, `DISK_FULL`, what `receive` throws
 */
export async function acceptJob(context: ServerRequest, request: AcceptJobRequest): Promise<Job> {
  const { client, options, detached, kept } = request;
  const place = context.jobs.takePlace(client);
  try {
    const model = await context.findModel(options.model ?? context.settings().model);
    const { byteCount, ...recording } = await request.receive();
    const priority = request.priority ?? (detached || byteCount > longRecordingBytes ? 'bulk' : 'interactive');
    try {
      return await place.submit({ ...recording, modelFolder: model.folder, options, priority, detached, kept });
    } catch (error) {
      if (recording.uploaded) await context.spool.remove(recording.audioPath);
      throw error;
    }
  } finally {
    place.release();
  }
}
