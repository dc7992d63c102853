import type { IncomingMessage } from 'node:http';
import { HearthError } from '../errors/hearth-error.ts';
import type { JobDetails, JobList, JobSummary } from '../protocol/job.ts';
import type { JobEvent } from '../protocol/job-events.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { fromWireError } from '../protocol/wire-error.ts';
import { answerWithin, askJson } from './answer-within.ts';
import { readEvents } from './read-events.ts';
import { cancelled, type Daemon, request } from './request.ts';
import { whileAnswering } from './while-answering.ts';

/** All jobs that the daemon knows, in order of arrival. */
export async function listJobs(daemon: Daemon): Promise<readonly JobSummary[]> {
  const { jobs } = await askJson<JobList>(daemon, { path: '/v1/jobs' });
  return jobs;
}

/** @throws `JOB_NOT_FOUND` */
export function getJob(daemon: Daemon, id: string): Promise<JobDetails> {
  return askJson(daemon, { path: pathOf(id) });
}

/** Cancels a job; one that is running ends a moment later. @throws `JOB_NOT_FOUND` */
export function cancelJob(daemon: Daemon, id: string): Promise<JobDetails> {
  return askJson(daemon, { method: 'DELETE', path: pathOf(id) });
}

/**
 * Follows a job from its first event to its end. Aborting the daemon's signal does not affect the job.
 * @throws the job's own error, `JOB_CANCELLED`, `JOB_NOT_FOUND`, `CANCELLED`, `CONNECTION_LOST`, `DAEMON_UNREACHABLE`
 */
export async function followJob(daemon: Daemon, id: string, onEvent?: (event: JobEvent) => void): Promise<Transcript> {
  const path = `${pathOf(id)}/events`;
  return whileAnswering(daemon, async (watched) =>
    readToEnd(watched, await answerWithin(watched, (bounded) => request(bounded, { path })), onEvent),
  );
}

/** Reads a job's events to its end. @throws what `followJob` throws */
export async function readToEnd(
  daemon: Daemon,
  response: IncomingMessage,
  onEvent?: (event: JobEvent) => void,
): Promise<Transcript> {
  for await (const event of jobEvents(daemon, response)) {
    onEvent?.(event);
    if (event.type === 'job-done') return event.result;
  }
  throw connectionEnded();
}

/** Yields a job's events; `job-done` is the last. @throws what `followJob` throws */
export async function* jobEvents(daemon: Daemon, response: IncomingMessage): AsyncGenerator<JobEvent> {
  for await (const event of readEvents<JobEvent>(daemon, response)) {
    yield event;
    if (event.type === 'job-done') return;
    if (event.type === 'job-failed') throw fromWireError(event.error);
    if (event.type === 'job-cancelled') throw daemon.signal?.aborted ? cancelled() : cancelledByOthers();
  }
  throw connectionEnded();
}

function connectionEnded(): HearthError {
  return new HearthError('CONNECTION_LOST', 'The daemon went away before the job ended.');
}

function cancelledByOthers(): HearthError {
  return new HearthError(
    'JOB_CANCELLED',
    'The job was cancelled by `hearth jobs cancel`, or because the daemon stopped.',
  );
}

function pathOf(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}
