import { cancelJob, followJob, listJobs } from '../client/jobs.ts';
import type { Daemon } from '../client/request.ts';
import { visibleText } from '../errors/visible-text.ts';
import type { JobSummary } from '../jobs/job.ts';
import { reachDaemon } from './ask-daemon.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { findByBeginning } from './find-by-beginning.ts';
import { clockLength } from './terminal/clock-length.ts';
import { localMinute, localZone } from './terminal/local-time.ts';
import { printJson, printText, say } from './terminal/print.ts';
import { outputColumns, textTable } from './terminal/text-table.ts';

const header = ['ID', 'STATE', `CREATED (${localZone()})`, 'PROGRESS', 'NAME'];

/** `hearth jobs`: those that wait or run, or all that are known, the newest first. */
export async function runJobsList({ all, json }: { readonly all: boolean; readonly json: boolean }): Promise<ExitCode> {
  const jobs = await listJobs(await reachDaemon());
  if (json) {
    printJson({ jobs });
    return exitCodes.ok;
  }
  const shown = jobs.filter(({ state }) => all || state === 'queued' || state === 'running').toReversed();
  if (shown.length > 0) printText(textTable({ header, rows: shown.map(rowOf), columns: outputColumns() }));
  else if (jobs.length === 0) say('No jobs.');
  else say(`No job is waiting or running. \`hearth jobs --all\` lists ${jobs.length} that ended.`);
  return exitCodes.ok;
}

function rowOf(job: JobSummary): readonly string[] {
  const name = visibleText(job.name ?? '(no name)');
  const shown = job.error === null ? name : `${name}: ${visibleText(job.error.message)}`;
  return [job.id.slice(0, 8), job.state, localMinute(new Date(job.createdAt)), progressOf(job), shown];
}

function progressOf({ state, queuePosition, durationSeconds, processedSeconds }: JobSummary): string {
  if (queuePosition !== null) return queuePosition === 0 ? 'next' : `${queuePosition} before it`;
  if (state === 'running' && durationSeconds !== null) {
    return `${Math.min(100, Math.floor((processedSeconds / durationSeconds) * 100))}%`;
  }
  return durationSeconds === null ? '' : clockLength(durationSeconds);
}

/** `hearth jobs follow`: text as it is decoded, one job after the other. @throws the first job's error */
export async function runJobsFollow(typed: readonly string[]): Promise<ExitCode> {
  const daemon = await reachDaemon();
  for (const each of typed) await printJob(daemon, await resolveJob(daemon, each));
  return exitCodes.ok;
}

async function printJob(daemon: Daemon, id: string): Promise<void> {
  let isSilent = true;
  await followJob(daemon, id, (event) => {
    if (event.type !== 'segments-decoded') return;
    isSilent = false;
    printText(event.segments.map(({ text }) => `${text.trim()}\n`).join(''));
  });
  if (isSilent) say(`${id}: no speech found`);
}

/** `hearth jobs cancel`. */
export async function runJobsCancel(typed: readonly string[]): Promise<ExitCode> {
  const daemon = await reachDaemon();
  for (const each of typed) {
    const { state } = await cancelJob(daemon, await resolveJob(daemon, each));
    say(`${each}: ${state === 'running' ? 'being cancelled' : state}`);
  }
  return exitCodes.ok;
}

async function resolveJob(daemon: Daemon, typed: string): Promise<string> {
  const jobs = await listJobs(daemon);
  return findByBeginning(
    jobs.map(({ id }) => id),
    typed,
    'JOB_NOT_FOUND',
  );
}
