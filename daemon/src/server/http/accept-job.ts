import type { JobPriority } from '../../protocol/job.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Job } from '../jobs/job.ts';
import { chooseModel } from '../models/choose-model.ts';
import type { ReceivedRecording } from './receive-recording.ts';
import type { Services } from './services.ts';

/** An hour of speech as Opus, half an hour as mp3, or nine minutes of plain samples. */
const longRecordingBytes = 16 * 1024 * 1024;
/** Half a minute of speech as Opus: a part takes a window of the engine, however short it is. */
const bytesOfPart = 128 * 1024;

export interface AcceptJobRequest<Received extends ReceivedJob> {
  readonly client: string;
  readonly isFromNetwork: boolean;
  /** Set if they are known beforehand, so that what the model lacks is reported before the recording is sent. */
  readonly options?: TranscriptionOptions;
  /** Checks the requested model as soon as it is known. What it throws refuses the job. */
  readonly requireModel: (model: string | undefined) => void;
  readonly detached: boolean;
  /** Whether its connection carries other calls too, or may be gone while it waits. Default: it waits for this job alone. */
  readonly isOneOfMany?: boolean;
  /** Null to choose by the size of the recording and the number of its parts. */
  readonly priority: JobPriority | null;
  readonly kept: boolean;
  /** Receives the recording once there is room for its job. */
  readonly receive: () => Promise<Received>;
}

interface ReceivedJob {
  readonly recording: ReceivedRecording;
  readonly options: TranscriptionOptions;
}

/**
 * Receives a recording, makes a job of it and returns both. If anything fails, no upload is left.
 * @throws `QUEUE_FULL`, `SHUTTING_DOWN`, `MODEL_NOT_FOUND`, `MODEL_UNABLE`, `DISK_FULL`, what `receive` and `requireModel` throw
 */
export async function acceptJob<Received extends ReceivedJob>(
  { jobs, models, spool }: Pick<Services, 'jobs' | 'models' | 'spool'>,
  request: AcceptJobRequest<Received>,
): Promise<{ readonly job: Job; readonly received: Received }> {
  const { client, isFromNetwork, detached, kept } = request;
  request.requireModel(request.options?.model);
  const isAttended = !detached && request.isOneOfMany !== true && request.priority !== 'bulk';
  const place = jobs.takePlace({ client, isFromNetwork, isAttended });
  try {
    const expected = await chooseModel(models, request.options ?? {});
    place.needModel(expected.model.folder);
    const received = await request.receive();
    const { audioPath, uploaded, byteCount, name } = received.recording;
    const isBulk = detached || isLong(byteCount, received.options);
    const priority = request.priority ?? (isBulk ? 'bulk' : 'interactive');
    try {
      request.requireModel(received.options.model);
      const { model, options } = request.options === undefined ? await chooseModel(models, received.options) : expected;
      const modelFolder = model.folder;
      const job = await place.submit({ audioPath, uploaded, name, modelFolder, options, priority, detached, kept });
      if (detached && uploaded) await spool.markAsPromised(audioPath);
      return { job, received };
    } catch (error) {
      if (uploaded) await spool.remove(audioPath);
      throw error;
    }
  } finally {
    place.release();
  }
}

function isLong(byteCount: number, { clipTimestamps = [] }: TranscriptionOptions): boolean {
  return Math.max(byteCount, Math.ceil(clipTimestamps.length / 2) * bytesOfPart) > longRecordingBytes;
}
