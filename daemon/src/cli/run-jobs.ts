import { readJsonLines } from '../client/read-json-lines.ts';
import { requestOverSocket } from '../client/request-over-socket.ts';
import { responseError } from '../client/response-error.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError } from '../errors/wire-error.ts';
import type { JobEvent } from '../messages/job-events.ts';
import { askDaemon, reachDaemon } from './ask-daemon.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { findByBeginning } from './find-by-beginning.ts';
import { textTable } from './text-table.ts';

interface ListedJob {
  readonly id: string;
  readonly name: string | null;
  readonly state: string;
  readonly priority: string;
  readonly queuePosition: number | null;
  readonly createdAt: string;
  readonly durationSeconds: number | null;
  readonly processedSeconds: number;
  readonly error: { readonly message: string } | null;
}

/** `hearth jobs`. */
export async function listJobs({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const answer = await askDaemon<{ readonly jobs: readonly ListedJob[] }>({ path: '/v1/jobs' });
  if (json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else if (answer.jobs.length === 0) process.stderr.write('No jobs.\n');
  else process.stdout.write(textTable(answer.jobs.map(rowOf)));
  return exitCodes.ok;
}

function rowOf(job: ListedJob): readonly string[] {
  return [job.id.slice(0, 8), job.state, progressOf(job), job.name ?? '', job.error?.message ?? ''];
}

function progressOf({ state, queuePosition, durationSeconds, processedSeconds }: ListedJob): string {
  if (queuePosition !== null) return queuePosition === 0 ? 'next' : `${queuePosition} before it`;
  if (state !== 'running' || durationSeconds === null) return '';
  return `${Math.min(100, Math.round((processedSeconds / durationSeconds) * 100))} %`;
}

/** `hearth jobs follow`: text as it comes, one job after the other. @throws the first job's error */
export async function followJobs(typed: readonly string[]): Promise<ExitCode> {
  for (const each of typed) await followJob(await resolveJob(each));
  return exitCodes.ok;
}

async function followJob(id: string): Promise<void> {
  const { socketPath } = await reachDaemon();
  const response = await requestOverSocket({ socketPath, method: 'GET', path: `/v1/jobs/${id}/events` });
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  let isSilent = true;
  for await (const event of readJsonLines<JobEvent>(response)) {
    if (event.type === 'segments-decoded') {
      isSilent = false;
      process.stdout.write(event.segments.map(({ text }) => `${text.trim()}\n`).join(''));
    }
    if (event.type === 'job-done') {
      if (isSilent) process.stderr.write(`${id}: no speech found\n`);
      return;
    }
    if (event.type === 'job-failed') throw fromWireError(event.error);
    if (event.type === 'job-cancelled')
      throw new HearthError('CANCELLED', `Expected job ${id} to end, got its cancellation.`);
  }
  throw new HearthError('DAEMON_UNREACHABLE', 'Expected the job to end, got an end of the connection before it.', {
    hint: 'A detached job goes on when the daemon does; follow it again.',
  });
}

/** `hearth jobs cancel`. */
export async function cancelJobs(typed: readonly string[]): Promise<ExitCode> {
  for (const each of typed) {
    const { state } = await askDaemon<ListedJob>({ method: 'DELETE', path: `/v1/jobs/${await resolveJob(each)}` });
    process.stderr.write(`${each}: ${state === 'running' ? 'being cancelled' : state}\n`);
  }
  return exitCodes.ok;
}

async function resolveJob(typed: string): Promise<string> {
  const { jobs } = await askDaemon<{ readonly jobs: readonly ListedJob[] }>({ path: '/v1/jobs' });
  return findByBeginning(
    jobs.map(({ id }) => id),
    typed,
    'JOB_NOT_FOUND',
  );
}
