import { errorCodes } from '../../errors/error-codes.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import { readTranscript } from '../history/stored-transcript.ts';
import type { JobRequest } from './job.ts';
import type { AcceptedJob } from './new-job.ts';

/** A job as the file holds it. */
export interface StoredJob {
  readonly accepted: AcceptedJob;
  /** Null for one that has not ended. */
  readonly ended: StoredEnd | null;
}

export interface StoredEnd {
  /** Higher for later ends; times may jump. */
  readonly order: number;
  readonly state: 'done' | 'failed' | 'cancelled';
  readonly endedAt: Date;
  readonly error: WireError | null;
  /** Its text, where the history does not hold it. */
  readonly result: Transcript | null;
  /** Whether its text has still to go into the history. */
  readonly awaitsHistory: boolean;
}

/** A row as SQLite answers with it: anything, since other programs and faults of a disk write there too. */
export type Row = Readonly<Record<string, unknown>>;

export function requestOf(job: JobRequest): JobRequest {
  const { audioPath, uploaded, name, modelFolder, options, priority, detached, kept } = job;
  return { audioPath, uploaded, name, modelFolder, options, priority, detached, kept };
}

/** Null for a row that nothing can be made of. A wrong time alone does not undo a promise. */
export function readStoredJob(row: Row): StoredJob | null {
  const { id, client, state } = row;
  const request = readRequest(row['request']);
  if (request === null || typeof id !== 'string' || typeof client !== 'string') return null;
  const accepted = { ...request, id, client, createdAt: readTime(row['createdAtMs']) };
  if (state === null) return { accepted, ended: null };
  if (state !== 'done' && state !== 'failed' && state !== 'cancelled') return null;
  const result = readTranscript(row['result']);
  const awaitsHistory = Number(row['awaitsHistory']) === 1 && result !== null;
  return {
    accepted,
    ended: {
      order: Number(row['endedSeq']),
      state,
      endedAt: readTime(row['endedAtMs']),
      error: readError(row['error']),
      result,
      awaitsHistory,
    },
  };
}

export function readRequest(json: unknown): JobRequest | null {
  const request = readObject(json) as Partial<Record<keyof JobRequest, unknown>> | null;
  if (request === null) return null;
  const { audioPath, uploaded, name = null, modelFolder, options, priority, detached = true, kept = true } = request;
  const isSound =
    typeof audioPath === 'string' &&
    typeof uploaded === 'boolean' &&
    (name === null || typeof name === 'string') &&
    typeof modelFolder === 'string' &&
    typeof options === 'object' &&
    options !== null &&
    (priority === 'interactive' || priority === 'bulk') &&
    typeof detached === 'boolean' &&
    typeof kept === 'boolean';
  return isSound ? { audioPath, uploaded, name, modelFolder, options, priority, detached, kept } : null;
}

/** A time that `Date` can show; now for any other. */
export function readTime(milliseconds: unknown): Date {
  const date = new Date(Number(milliseconds ?? Number.NaN));
  return Number.isNaN(date.getTime()) ? new Date() : date;
}

export function readError(json: unknown): WireError | null {
  const error = readObject(json);
  if (error === null) return null;
  const { code, message, hint } = error;
  const isSound = typeof code === 'string' && code in errorCodes && typeof message === 'string';
  return isSound && typeof hint === 'string' ? { code: code as WireError['code'], message, hint } : null;
}

function readObject(json: unknown): Row | null {
  try {
    const value: unknown = typeof json === 'string' ? JSON.parse(json) : json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}
