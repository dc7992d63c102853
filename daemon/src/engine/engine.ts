import type { Native } from '@hearth/native';
import type { DecodingPreset, EngineMessage, LiveNews, Retention } from '../protocol/engine-messages.ts';
import type { Arithmetic, LoadedModel } from '../protocol/residency.ts';
import { createSoundRoom } from './audio/sound-room.ts';
import { createJobs, type Jobs, type JobsRequest } from './jobs.ts';
import { createLiveFeeds } from './live/live-feed.ts';
import { runLiveJob } from './live/run-live-job.ts';
import { createModelResidency, type ModelResidency } from './model-residency.ts';
import { prepareDictionaries } from './prepare-dictionaries.ts';
import { runJob } from './run-job.ts';
import { createVoiceActivity } from './voice-activity.ts';

export interface Engine extends Jobs, Pick<ModelResidency, 'retain' | 'unload'> {
  /** Loads and warms a model ahead of the jobs that use it. @throws `MODEL_NOT_FOUND`, `MODEL_INVALID` */
  prepare(modelFolder: string): Promise<LoadedModel>;
  /** More of a live session's sound is there. */
  grow(jobId: string, news: LiveNews): void;
}

export interface EngineRequest extends Retention {
  readonly native: Native;
  readonly preset: DecodingPreset;
  readonly draftFolder: string | null;
  readonly arithmetic: Arithmetic;
  readonly choicesFile: string;
  /** For what conversions of recordings leave on the disk while they run. */
  readonly temporaryFolder: string;
  /** What conversions leave free of the disk. */
  readonly minFreeDiskBytes: number;
  readonly send: (message: EngineMessage) => void;
}

/** Resident models and the jobs that use them. */
export function createEngine(request: EngineRequest): Engine {
  const { native, temporaryFolder, minFreeDiskBytes, send } = request;
  const residency = createModelResidency(request);
  const voiceActivity = createVoiceActivity(native);
  // Neither class of jobs waits for the sound of the other.
  const soundRooms = { interactive: createSoundRoom(), bulk: createSoundRoom() };
  const feeds = createLiveFeeds();
  const dictionaryOf = prepareDictionaries();
  const run: JobsRequest['run'] = (command, signal) => {
    const { jobId, live } = command;
    // Before a long dictionary is prepared: an engine that does not outlive that was at work on this job.
    if (command.dictionary !== undefined) send({ type: 'job-started', jobId });
    const dictionary = dictionaryOf(command.dictionary);
    if (live !== undefined) {
      const feed = feeds.open(jobId, live.progress);
      return runLiveJob({ native, residency, voiceActivity, command: { ...command, live }, dictionary, feed, signal });
    }
    return runJob({
      ...{ native, residency, voiceActivity, soundRooms, temporaryFolder, minFreeDiskBytes },
      ...{ command, dictionary, signal, send },
    });
  };
  return {
    ...createJobs({ run, send }),
    grow: feeds.update,
    retain: residency.retain,
    unload: residency.unload,
    async prepare(modelFolder) {
      const lease = await residency.use(modelFolder, 'load');
      lease.release();
      return lease.description;
    },
  };
}
