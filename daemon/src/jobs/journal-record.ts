import type { WireError } from '../errors/wire-error.ts';
import type { Job, JobRequest } from './job.ts';

/** A line of the journal. */
export type JournalRecord = AcceptedRecord | EndedRecord;

/** A job that its client was told of. */
export interface AcceptedRecord extends JobRequest {
  readonly type: 'accepted';
  readonly id: string;
  readonly client: string;
  readonly createdAt: string;
}

/** Its one end. */
export interface EndedRecord {
  readonly type: 'ended';
  readonly id: string;
  readonly state: 'done' | 'failed' | 'cancelled';
  readonly endedAt: string;
  readonly error: WireError | null;
}

export function acceptedRecord(job: Job): AcceptedRecord {
  const { id, client, audioPath, uploaded, name, modelFolder, options, priority, detached, kept } = job;
  const request = { audioPath, uploaded, name, modelFolder, options, priority, detached, kept };
  return { type: 'accepted', id, client, createdAt: job.createdAt.toISOString(), ...request };
}

export function endedRecord({ id, state, endedAt, error }: Job): EndedRecord {
  return { type: 'ended', id, state: state as EndedRecord['state'], endedAt: (endedAt as Date).toISOString(), error };
}
