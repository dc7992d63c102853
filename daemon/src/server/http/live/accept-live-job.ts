import { HearthError } from '../../../errors/hearth-error.ts';
import type { LiveTurns } from '../../../protocol/engine-messages.ts';
import type { TranscriptionOptions } from '../../../protocol/options/transcription-options.ts';
import type { Job } from '../../jobs/job.ts';
import { createLiveInput, type LiveInput } from '../../jobs/live-input.ts';
import { chooseModel } from '../../models/choose-model.ts';
import type { Services } from '../services.ts';
import { type RawFormat, wavHeader } from './wav-header.ts';

export interface AcceptLiveRequest {
  readonly client: string;
  readonly isFromNetwork: boolean;
  readonly options: TranscriptionOptions;
  readonly name: string | null;
  readonly kept: boolean;
  /** Null for sound that brings a WAV header. */
  readonly raw: RawFormat | null;
  readonly turns: LiveTurns;
}

/**
 * Begins a live session: a job whose sound is still to come. It outlives its connection and the daemon: what has come is
 * transcribed whatever happens.
 * @throws `OPTION_INVALID`, `QUEUE_FULL`, `SHUTTING_DOWN`, `MODEL_NOT_FOUND`, `MODEL_UNABLE`, `DISK_FULL`, `HOME_NOT_WRITABLE`
 */
export async function acceptLiveJob(
  { jobs, models, spool }: Pick<Services, 'jobs' | 'models' | 'spool'>,
  request: AcceptLiveRequest,
): Promise<{ readonly job: Job; readonly input: LiveInput }> {
  const { client, isFromNetwork, name, kept, raw, turns } = request;
  refuseOptions(request.options);
  const place = jobs.takeLivePlace({ client, isFromNetwork });
  try {
    const { model, options } = await chooseModel(models, request.options);
    const upload = await spool.grow(raw === null ? new Uint8Array() : wavHeader(raw), isFromNetwork);
    const input = createLiveInput({ upload, turns });
    try {
      const job = await place.submit({
        audioPath: upload.path,
        uploaded: true,
        name,
        modelFolder: model.folder,
        options,
        priority: 'interactive',
        detached: true,
        kept,
        input,
      });
      await spool.markAsPromised(upload.path);
      return { job, input };
    } catch (error) {
      await input.end();
      await spool.remove(upload.path);
      throw error;
    }
  } finally {
    place.release();
  }
}

function refuseOptions(options: TranscriptionOptions): void {
  if (options.audioChannels !== undefined && options.audioChannels !== 'mix') {
    throw new HearthError('OPTION_INVALID', 'Expected audioChannels=mix for live text, got another value.', {
      hint: 'Send the recording as a whole, without `live`. The channels of raw samples are `channels` (--raw-channels).',
    });
  }
  const refused = (['clipTimestamps', 'audioTrack'] as const).find((name) => (options[name]?.length ?? 0) > 0);
  if (refused === undefined) return;
  throw new HearthError('OPTION_INVALID', `Expected no ${refused} for live text, got one.`, {
    hint: 'Send the recording as a whole, without `live`.',
  });
}
