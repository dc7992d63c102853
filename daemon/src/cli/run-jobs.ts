import { readJsonLines } from '../client/read-json-lines.ts';
import { requestOverSocket } from '../client/request-over-socket.ts';
import { responseError } from '../client/response-error.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import { fromWireError } from '../errors/wire-error.ts';
import type { JobEvent } from '../messages/job-events.ts';
import { askDaemon, reachDaemon } from './ask-daemon.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { findByBeginning } from './find-by-beginning.ts';
import { clockLength } from './terminal/clock-length.ts';
import { localMinute, localZone } from './terminal/local-time.ts';
import { printJson, printText, say } from './terminal/print.ts';
import { outputColumns, textTable } from './terminal/text-table.ts';

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

const header = ['ID', 'STATE', `CREATED (${localZone()})`, 'PROGRESS', 'NAME'];

/** `hearth jobs`: those that wait or run, or all that are known, the newest first. */
export async function listJobs({ all, json }: { readonly all: boolean; readonly json: boolean }): Promise<ExitCode> {
  const answer = await askDaemon<{ readonly jobs: readonly ListedJob[] }>({ path: '/v1/jobs' });
  if (json) {
    printJson(answer);
    return exitCodes.ok;
  }
  const shown = answer.jobs.filter(({ state }) => all || state === 'queued' || state === 'running').toReversed();
  if (shown.length > 0) printText(textTable({ header, rows: shown.map(rowOf), columns: outputColumns() }));
  else if (answer.jobs.length === 0) say('No jobs.');
  else say(`No job is waiting or running. \`hearth jobs --all\` lists ${answer.jobs.length} that ended.`);
  return exitCodes.ok;
}

function rowOf(job: ListedJob): readonly string[] {
  const name = visibleText(job.name ?? '(no name)');
  const shown = job.error === null ? name : `${name}: ${visibleText(job.error.message)}`;
  return [job.id.slice(0, 8), job.state, localMinute(new Date(job.createdAt)), progressOf(job), shown];
}

function progressOf({ state, queuePosition, durationSeconds, processedSeconds }: ListedJob): string {
  if (queuePosition !== null) return queuePosition === 0 ? 'next' : `${queuePosition} before it`;
  if (state === 'running' && durationSeconds !== null) {
    return `${Math.min(100, Math.floor((processedSeconds / durationSeconds) * 100))}%`;
  }
  return durationSeconds === null ? '' : clockLength(durationSeconds);
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
      printText(event.segments.map(({ text }) => `${text.trim()}\n`).join(''));
    }
    if (event.type === 'job-done') {
      if (isSilent) say(`${id}: no speech found`);
      return;
    }
    if (event.type === 'job-failed') throw fromWireError(event.error);
    if (event.type === 'job-cancelled') throw new HearthError('JOB_CANCELLED', `Job ${id} was cancelled.`);
  }
  throw new HearthError('DAEMON_UNREACHABLE', 'The daemon went away before the job ended.', {
    hint: 'A detached job continues when the daemon starts again; follow it again.',
  });
}

/** `hearth jobs cancel`. */
export async function cancelJobs(typed: readonly string[]): Promise<ExitCode> {
  for (const each of typed) {
    const { state } = await askDaemon<ListedJob>({ method: 'DELETE', path: `/v1/jobs/${await resolveJob(each)}` });
    say(`${each}: ${state === 'running' ? 'being cancelled' : state}`);
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
