import type { Logger } from 'pino';
import type { History } from '../history/history.ts';
import type { NewJobEvent } from './event-log.ts';
import type { Job } from './job.ts';
import { type EndedRecord, endedRecord } from './journal-record.ts';
import type { Journal } from './open-journal.ts';

export interface EndJobRequest {
  readonly state: EndedRecord['state'];
  /** Told last: whoever hears of a job's end finds nothing left of it. */
  readonly event: NewJobEvent;
  readonly log: Logger;
  readonly journal: Pick<Journal, 'append'>;
  readonly history: Pick<History, 'add'>;
  readonly removeUpload: (path: string) => Promise<void>;
}

/** Brings a job to its one end: its result is kept, its upload removed, its end written down and told. */
export async function endJob(job: Job, { state, event, log, removeUpload, ...records }: EndJobRequest): Promise<void> {
  job.state = state;
  job.endedAt = new Date();
  // Before the journal lets go of it, so that a crash between the two neither loses a result nor keeps it twice.
  if (job.detached) await settle(job, { log, ...records });
  if (job.uploaded) {
    const removed = removeUpload(job.audioPath);
    await removed.catch((error: unknown) => log.error({ jobId: job.id, err: error }, 'upload not removed'));
  }
  job.events.append(event);
  if (!job.detached) keep(job, records.history);
  log.info({ jobId: job.id, state, code: job.error?.code }, 'job ended');
}

async function settle(job: Job, { log, journal, history }: Pick<EndJobRequest, 'log' | 'journal' | 'history'>) {
  keep(job, history);
  try {
    await journal.append(endedRecord(job));
  } catch (error) {
    log.error({ jobId: job.id, err: error }, 'end of a job not written down; it may run again');
  }
}

function keep({ id, name, createdAt, options, result, kept }: Job, history: EndJobRequest['history']): void {
  if (result !== null && kept) history.add({ id, name, createdAt, options, result });
}
