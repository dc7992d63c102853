import type { Logger } from 'pino';
import { toWireError } from '../../protocol/wire-error.ts';
import type { History, KeptTranscript } from '../history/history.ts';
import type { Job } from './job.ts';
import type { EndRecord, JobStore, MovedText } from './job-store.ts';
import { isUploadKept } from './lost-recording.ts';

export interface SettleJobsRequest {
  readonly store: Pick<JobStore, 'end' | 'forget' | 'awaitingHistory' | 'countAwaitingHistory' | 'inHistory'>;
  readonly history: Pick<History, 'add'>;
  readonly removeUpload: (path: string) => Promise<void>;
  readonly log: Logger;
  /** The job with an id, where it is still known. */
  readonly find: (id: string) => Job | undefined;
  /** How long what could not be written waits for the next try. */
  readonly retryMs?: number;
}

/** Puts ends of jobs on disk: the text first, then the end, then the upload goes. */
export interface SettledJobs {
  /** Puts one on disk. What cannot be written is reported and tried again; the job's followers hear of its end anyway. */
  settle(job: Job): Promise<void>;
  /** Whether a job's end or text has not reached its place yet. */
  isOpen(job: Job): boolean;
  /** Lets go of jobs that are no longer in the file, and of their uploads. */
  drop(jobs: readonly Job[]): void;
  /** Tries again what could not be written. */
  retry(): Promise<void>;
  warnings(): readonly string[];
  close(): void;
}

const defaultRetryMs = 5_000;
const textsPerRound = 20;
/** Ended jobs that wait in memory for a disk that takes nothing at all. */
const mostUnwritten = 1_000;

export function settleJobs(request: SettleJobsRequest): SettledJobs {
  const { store, history, removeUpload, log, find, retryMs = defaultRetryMs } = request;
  /** Jobs whose end is not in the file. */
  const unwritten = new Set<Job>();
  let awaiting = store.countAwaitingHistory();
  let historyFailure = '';
  let storeFailure = '';
  let lost = 0;
  let timer: NodeJS.Timeout | null = null;
  let retrying: Promise<void> | null = null;
  let isClosed = false;

  async function settle(job: Job): Promise<void> {
    if (write(job)) await removeUploadOf(job);
    else remember(job);
    schedule();
  }

  /** Whether nothing of the job is lost any more when the process dies. */
  function write(job: Job): boolean {
    const record = recordOf(job);
    try {
      // Whose client wants nothing kept leaves no trace.
      if (!job.detached && !job.kept) store.forget(job.id);
      else store.end(job, record);
      if (record.awaitsHistory) awaiting++;
      job.warning = record.awaitsHistory ? waitsSentence() : null;
      storeFailure = '';
      return true;
    } catch (error) {
      storeFailure = sentenceOf(error);
      log.error({ jobId: job.id, err: error }, 'end of a job not written down yet');
      if (!job.detached && !record.awaitsHistory) return true;
      job.warning = `Its end is not on disk yet. ${storeFailure}`;
      return false;
    }
  }

  /** Gives the text to the history; what that does not take has to be kept beside it. */
  function recordOf(job: Job): EndRecord {
    const { id, name, createdAt, options, result, kept, detached } = job;
    if (result === null) return { result: null, awaitsHistory: false };
    // A client may begin sessions without end in which nobody speaks.
    const isWanted = kept && (job.live === null || result.text.trim() !== '');
    const inHistory = isWanted ? give({ id, name, createdAt, options, result }) : 'unwanted';
    if (inHistory === 'failed') return { result, awaitsHistory: true };
    return { result: detached && inHistory === 'unwanted' ? result : null, awaitsHistory: false };
  }

  function give(transcript: KeptTranscript): 'kept' | 'unwanted' | 'failed' {
    try {
      const answer = history.add(transcript);
      historyFailure = '';
      return answer;
    } catch (error) {
      historyFailure = sentenceOf(error);
      return 'failed';
    }
  }

  function remember(job: Job): void {
    unwritten.add(job);
    const [oldest] = unwritten;
    if (unwritten.size <= mostUnwritten || oldest === undefined) return;
    unwritten.delete(oldest);
    lost++;
  }

  async function removeUploadOf(job: Job): Promise<void> {
    if (!job.uploaded || isUploadKept(job, job.error)) return;
    await removeUpload(job.audioPath).catch((error: unknown) =>
      log.error({ jobId: job.id, err: error }, 'upload not removed'),
    );
  }

  async function retryAll(): Promise<void> {
    for (const job of [...unwritten]) {
      // It may have been deleted meanwhile.
      if (!unwritten.has(job)) continue;
      if (!write(job)) return;
      unwritten.delete(job);
      await removeUploadOf(job);
    }
    while (awaiting > 0 && moveTexts());
  }

  /** Whether there may be more to move. */
  function moveTexts(): boolean {
    try {
      const texts = store.awaitingHistory(textsPerRound);
      if (texts.length === 0) awaiting = 0;
      const moved: MovedText[] = [];
      let hasFailed = false;
      for (const text of texts) {
        const job = find(text.id);
        const given = give(text);
        hasFailed = given === 'failed';
        if (hasFailed) break;
        // The history was turned off meanwhile. Without its job nobody knows whether somebody comes for the text.
        const isLeft = given === 'unwanted' && job?.detached !== false;
        moved.push({ id: text.id, isForgotten: job === undefined, isLeft });
        if (job !== undefined) job.warning = null;
      }
      if (moved.length > 0) store.inHistory(moved);
      awaiting -= moved.length;
      return !hasFailed;
    } catch (error) {
      storeFailure = sentenceOf(error);
      return false;
    }
  }

  function retry(): Promise<void> {
    retrying ??= retryAll().finally(() => {
      retrying = null;
      schedule();
    });
    return retrying;
  }

  function schedule(): void {
    if (timer !== null || isClosed || (unwritten.size === 0 && awaiting === 0)) return;
    timer = setTimeout(() => {
      timer = null;
      void retry();
    }, retryMs).unref();
  }

  function waitsSentence(): string {
    return `Its transcript is not in the history yet. ${historyFailure}`;
  }

  schedule();
  return {
    settle,
    isOpen: (job) => unwritten.has(job),
    drop(jobs) {
      for (const job of jobs) if (unwritten.delete(job)) void removeUploadOf(job);
      awaiting = store.countAwaitingHistory();
    },
    retry,
    warnings: () => [
      ...(awaiting === 0
        ? []
        : [`Transcripts that are not in the history yet, but kept with their jobs: ${awaiting}. ${historyFailure}`]),
      ...(unwritten.size === 0 ? [] : [`Ended jobs whose end is not on disk yet: ${unwritten.size}. ${storeFailure}`]),
      ...(lost === 0 ? [] : [`Transcripts that are lost, since the disk took nothing for too long: ${lost}.`]),
    ],
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function sentenceOf(error: unknown): string {
  return toWireError(error).message;
}
