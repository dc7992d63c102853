import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { History } from '../history/history.ts';
import type { NewJobEnd } from './event-log.ts';
import { describeJob, type Job, summarizeJob, takeEnd } from './job.ts';
import { createJobRunner, type JobRunnerRequest } from './job-runner.ts';
import type { JobStore } from './job-store.ts';
import type { JobWordLists } from './job-words.ts';
import type { JobLimits, Jobs, Place } from './jobs.ts';
import { createLivePlaces, type LivePlaceRequest } from './live-places.ts';
import { isUploadKept, withLostRecording } from './lost-recording.ts';
import { newJob } from './new-job.ts';
import { createQueuePlaces, type PlaceRequest, type QueuePlace } from './queue-places.ts';
import { restoreJobs } from './restore-jobs.ts';
import { settleJobs } from './settle-jobs.ts';
import { textBytes } from './text-bytes.ts';
import { withCutOff } from './with-cut-off.ts';

/** What is told of jobs as they go, to count and to measure. */
export interface JobObserver {
  readonly onEvent: (job: Job, event: EngineEvent) => void;
  readonly onEnd: (job: Job) => void;
}

export interface JobsRequest {
  readonly supervisor: JobRunnerRequest['supervisor'];
  readonly log: Logger;
  readonly store: Omit<JobStore, 'jobs' | 'isIncomplete' | 'close'>;
  readonly history: Pick<History, 'add' | 'find' | 'has'>;
  /** Removes an upload whose job has ended. */
  readonly removeUpload: (path: string) => Promise<void>;
  /** Keeps one whose job fails through no fault of its own, and says where it is now; null for one that is nowhere. */
  readonly keepAsLost: (path: string) => Promise<string | null>;
  /** How long a promised job waits where no engine runs. */
  readonly engineRetryMs?: number;
  readonly longRuns?: JobRunnerRequest['longRuns'];
  /** Whether the disk of a recording answers. */
  readonly isReached?: (path: string) => Promise<boolean>;
  /** Read at each use, since they may change. */
  readonly limits: () => JobLimits;
  /** Jobs that may wait beside a full queue, since their clients wait for them on a connection. */
  readonly attendedPlaces: number;
  /** The home's lists of words; default: none. */
  readonly words?: () => JobWordLists | Promise<JobWordLists>;
  readonly observer?: JobObserver;
  /** How long what could not be written waits for the next try. */
  readonly retryMs?: number;
  /** Texts of ended jobs that stay in the memory; the history has others. */
  readonly mostTextBytes?: number;
}

/** Each is there twice, since followers may come late. */
const defaultMostTextBytes = 128 * 1024 ** 2;

/** Accepts jobs, has them run and brings each to its one end, in memory and on disk. */
export function createJobs(context: JobsRequest): Jobs {
  const { supervisor, log, store, history, removeUpload, limits, attendedPlaces, observer, retryMs } = context;
  const { keepAsLost, engineRetryMs, isReached } = context;
  const { mostTextBytes = defaultMostTextBytes } = context;
  const { words = () => ({ words: [], dictionary: [] }) } = context;
  const jobs = new Map<string, Job>();
  /** Ended jobs that can still be looked at, in the order of their ends. */
  const ended = new Set<Job>();
  let endedTextBytes = 0;
  /** The models of jobs that are on their way, by their places. */
  const expected = new Map<Place, string>();
  /** Ids of jobs that are not forgotten, and how many hold them. */
  const held = new Map<string, number>();
  const runner = createJobRunner({
    supervisor,
    log,
    words,
    end,
    onEvent: (job, event) => observer?.onEvent(job, event),
    ...(engineRetryMs !== undefined && { engineRetryMs }),
    ...(isReached !== undefined && { isReached }),
    ...(context.longRuns !== undefined && { longRuns: context.longRuns }),
  });
  const places = createQueuePlaces(runner.waiting, attendedPlaces);
  const livePlaces = createLivePlaces();
  const settled = settleJobs({
    store,
    history,
    removeUpload,
    log,
    find: (id) => jobs.get(id),
    ...(retryMs !== undefined && { retryMs }),
  });

  function takePlace(wanted: PlaceRequest): Place {
    requireRunning();
    const place = places.take(wanted, limits());
    return placeOf(wanted, [place]);
  }

  function takeLivePlace(wanted: LivePlaceRequest): Place {
    requireRunning();
    const place = places.take({ ...wanted, isAttended: true }, limits());
    try {
      return placeOf(wanted, [place, livePlaces.take(wanted)]);
    } catch (error) {
      place.release();
      throw error;
    }
  }

  function placeOf({ client, isFromNetwork }: LivePlaceRequest, taken: readonly QueuePlace[]): Place {
    const own: Place = {
      needModel: (folder) => void expected.set(own, folder),
      release() {
        for (const place of taken) place.release();
        expected.delete(own);
      },
      async submit(request) {
        requireRunning();
        own.needModel(request.modelFolder);
        const job = newJob({
          ...request,
          id: request.id ?? randomUUID(),
          client,
          isFromNetwork,
          createdAt: new Date(),
        });
        jobs.set(job.id, job);
        const accepted = accept(job);
        if (job.detached) await accepted;
        // Somebody may have cancelled it while the disk took its time.
        if (job.endedAt !== null) return job;
        for (const place of taken) place.giveTo(job);
        runner.add(job);
        expected.delete(own);
        return job;
      },
    };
    return own;
  }

  function requireRunning(): void {
    if (!runner.isStopping()) return;
    throw new HearthError('SHUTTING_DOWN', 'Hearth is stopping and takes no more work.');
  }

  async function accept(job: Job): Promise<void> {
    try {
      await store.accept(job);
    } catch (error) {
      if (job.detached) jobs.delete(job.id);
      if (job.detached) throw error;
      // Nobody was promised that it outlives the daemon.
      log.warn({ jobId: job.id, err: error }, 'attached job not written down');
    }
  }

  function get(id: string): Job {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new HearthError('JOB_NOT_FOUND', `No job has the id ${shorten(id)}.`);
  }

  /** Brings a job to its one end. Its followers hear of it last: who hears of it finds nothing left of the job. */
  async function end(job: Job, ownEnd: NewJobEnd): Promise<void> {
    const newEnd = await withKeptUpload(job, withCutOff(ownEnd, job.live?.input.cutOff() ?? null));
    takeEnd(job, newEnd, new Date());
    await settled.settle(job);
    job.events.append(newEnd);
    log.info({ jobId: job.id, state: job.state, code: job.error?.code }, 'job ended');
    observer?.onEnd(job);
    keepEnded(job);
  }

  /** The upload is in its place before anybody is promised that it is. */
  async function withKeptUpload(job: Job, newEnd: NewJobEnd): Promise<NewJobEnd> {
    if (!isUploadKept(job, newEnd.type === 'job-failed' ? newEnd.error : null)) return newEnd;
    const path = await keepAsLost(job.audioPath);
    return path === null ? newEnd : withLostRecording(newEnd, job, path);
  }

  /**
   * Forgets the oldest ended jobs, but for those that somebody holds or whose end is not on disk yet; where their texts take
   * much memory, more of those whose text the history has.
   */
  function keepEnded(job: Job): void {
    ended.add(job);
    endedTextBytes += bytesOf(job);
    for (const oldest of ended) {
      const isTooMany = ended.size > limits().maxFinishedJobs + held.size;
      if (!isTooMany && endedTextBytes <= mostTextBytes) return;
      if (settled.isOpen(oldest) || held.has(oldest.id)) continue;
      if (!isTooMany && (oldest === job || !isElsewhere(oldest))) continue;
      dropEnded(oldest);
      forget(oldest);
    }
  }

  function dropEnded(job: Job): void {
    jobs.delete(job.id);
    if (ended.delete(job)) endedTextBytes -= bytesOf(job);
  }

  function bytesOf({ result }: Job): number {
    return result === null ? 0 : textBytes(result);
  }

  /** Whether its text is in the history, or nobody was promised that it is kept. */
  function isElsewhere({ id, result, detached, warning }: Job): boolean {
    if (result === null || warning !== null) return false;
    try {
      return !detached || history.has(id);
    } catch {
      return false;
    }
  }

  function forget({ id }: Job): void {
    try {
      store.forget(id);
    } catch (error) {
      // The next daemon does so.
      log.warn({ jobId: id, err: error }, 'ended job not forgotten');
    }
  }

  function findText(id: string): Transcript | null {
    try {
      return history.find(id)?.result ?? null;
    } catch {
      // The history says so itself.
      return null;
    }
  }

  return {
    takePlace,
    takeLivePlace,
    async restore(stored) {
      const restored = restoreJobs(stored, findText, mostTextBytes);
      for (const job of restored.jobs) jobs.set(job.id, job);
      for (const job of restored.ended) keepEnded(job);
      for (const { job, end: newEnd } of restored.ending) await end(job, newEnd);
      runner.addAll(restored.waiting);
    },
    get,
    look: (id) => describeJob(get(id), runner.waiting.positionOf(get(id))),
    list() {
      const positions = new Map(runner.waiting.inOrder().map((job, position) => [job, position]));
      return [...jobs.values()].map((job) => summarizeJob(job, positions.get(job) ?? null));
    },
    cancel(id) {
      const job = get(id);
      if (job.endedAt === null) runner.cancel(job);
    },
    transcribed() {
      const known = [...jobs.values()].filter((job) => job.endedAt !== null && hasText(job));
      const forgotten = store.withTexts().filter((id) => !jobs.has(id));
      return [
        ...known.map(({ id, result }) => ({ id, isWhole: result !== null })),
        ...forgotten.map((id) => ({ id, isWhole: true })),
      ];
    },
    erase(ids) {
      store.erase(ids);
      const erased = ids.map((id) => jobs.get(id)).filter((job) => job !== undefined);
      settled.drop(erased);
      for (const job of erased) dropEnded(job);
    },
    hold(id) {
      held.set(id, (held.get(id) ?? 0) + 1);
      return () => {
        const others = (held.get(id) ?? 1) - 1;
        if (others > 0) held.set(id, others);
        else held.delete(id);
      };
    },
    counts: () => runner.counts(),
    needsModel: (folder) =>
      [...runner.neededModels(), ...expected.values()].some(
        (needed) => needed === folder || needed.startsWith(`${folder}/`),
      ),
    stall: () => runner.stall(),
    problem: () => store.problem(),
    warnings: () => [...store.warnings(), ...settled.warnings()],
    async stop(drainMs) {
      await runner.stop(drainMs);
      await settled.retry();
      settled.close();
    },
  };
}

function hasText({ result, segmentCount }: Job): boolean {
  return result !== null || segmentCount > 0;
}
