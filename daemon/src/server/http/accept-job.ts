import type { TranscriptionOptions } from '../../options/transcription-options.ts';
import type { Job, JobPriority } from '../jobs/job.ts';
import type { ServerRequest } from './create-server.ts';
import type { ReceivedRecording } from './receive-recording.ts';

/** An hour of speech as Opus, half an hour as mp3, nine minutes as plain samples. */
const longRecordingBytes = 16 * 1024 * 1024;

export interface AcceptJobRequest {
  readonly client: string;
  readonly isFromNetwork: boolean;
  /** Where it is known beforehand, so that one that does not exist is told before a recording is sent. */
  readonly model?: string | undefined;
  /** Judges the model that is asked for, whenever it becomes known; what it throws refuses the job. */
  readonly requireModel: (model: string | undefined) => void;
  readonly detached: boolean;
  readonly priority?: JobPriority | undefined;
  readonly kept: boolean;
  /** Takes in the recording, once there is room for its job. */
  readonly receive: () => Promise<Received>;
}

interface Received extends ReceivedRecording {
  readonly name: string | null;
  readonly options: TranscriptionOptions;
}

/**
 * Takes a recording and makes a job of it. Whatever goes wrong, no upload is left.
 * @throws `QUEUE_FULL`, `SHUTTING_DOWN`, `MODEL_NOT_FOUND`, `DISK_FULL`, what `receive` and `requireModel` throw
 */
export async function acceptJob(context: ServerRequest, request: AcceptJobRequest): Promise<Job> {
  const { client, isFromNetwork, detached, kept } = request;
  request.requireModel(request.model);
  const isAttended = !detached && request.priority !== 'bulk';
  const place = context.jobs.takePlace({ client, isFromNetwork, isAttended });
  try {
    const expected = await context.models.find(request.model);
    const { byteCount, ...received } = await request.receive();
    const priority = request.priority ?? (detached || byteCount > longRecordingBytes ? 'bulk' : 'interactive');
    try {
      const { model } = received.options;
      request.requireModel(model);
      const { folder: modelFolder } = model === request.model ? expected : await context.models.find(model);
      return await place.submit({ ...received, modelFolder, priority, detached, kept });
    } catch (error) {
      if (received.uploaded) await context.spool.remove(received.audioPath);
      throw error;
    }
  } finally {
    place.release();
  }
}
