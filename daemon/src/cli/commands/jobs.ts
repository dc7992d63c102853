import type { Command } from 'commander';
import { cancelJob, followJob, listJobs } from '../../client/jobs.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { segmentLine } from '../../formats/segment-line.ts';
import type { JobSummary } from '../../protocol/job.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { resolveJobIds } from '../resolve-ids.ts';
import { log, printJson, printText } from '../terminal/print.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';
import { clockLength, localMinute, localZone } from '../terminal/time-text.ts';
import { refuseOperands } from '../usage/argument-checks.ts';
import { warnOfJob } from '../warn-of-transcript.ts';

/** `hearth jobs`, `hearth jobs follow` and `hearth jobs cancel`. */
export function define(jobs: Command): void {
  jobs
    .description('Lists the jobs that are waiting or running, newest first.')
    .helpCommand(true)
    .allowExcessArguments(true)
    .option('-a, --all', 'Also list jobs that have ended.')
    .option('--json', 'Print all jobs as JSON.')
    .action(async ({ all = false, json = false }: { all?: boolean; json?: boolean }, command: Command) => {
      refuseOperands(command);
      await list({ all, json });
    });
  jobs
    .command('follow')
    .summary('print the text of jobs as it is decoded')
    .description('Prints the text of jobs as it is decoded, from the start. Ctrl-C does not cancel the jobs.')
    .argument('<id...>', 'ids of jobs; the start of an id is enough')
    .action(follow);
  jobs
    .command('cancel')
    .summary('cancel jobs')
    .description('Cancels jobs. One that is running ends a moment later.')
    .argument('<id...>', 'ids of jobs; the start of an id is enough')
    .action(cancel);
}

async function list({ all, json }: { readonly all: boolean; readonly json: boolean }): Promise<void> {
  const jobs = await listJobs(await reachDaemon());
  if (json) return printJson({ jobs });
  const shown = jobs.filter(({ state }) => all || state === 'queued' || state === 'running').toReversed();
  if (shown.length > 0) return printText(tableOf(shown));
  const ended = jobs.length === 1 ? '1 job that has ended' : `${jobs.length} jobs that have ended`;
  log(jobs.length === 0 ? 'No jobs.' : `No job is waiting or running. \`hearth jobs --all\` lists ${ended}.`);
}

function tableOf(jobs: readonly JobSummary[]): string {
  const header = ['ID', 'STATE', `CREATED (${localZone()})`, 'PROGRESS', 'NAME'];
  return textTable({ header, rows: jobs.map(rowOf), columns: outputColumns() });
}

function rowOf({ id, name, state, createdAt, error, warnings, ...progress }: JobSummary): readonly string[] {
  const remarks = [error?.message ?? [], warnings].flat();
  const shown = [name ?? '(no name)', ...remarks].map(visibleText).join(': ');
  return [id.slice(0, 8), state, localMinute(new Date(createdAt)), progressOf({ state, ...progress }), shown];
}

function progressOf({
  state,
  queuePosition,
  durationSeconds,
  processedSeconds,
}: Pick<JobSummary, 'state' | 'queuePosition' | 'durationSeconds' | 'processedSeconds'>): string {
  if (queuePosition !== null) return queuePosition === 0 ? 'next' : `${queuePosition} ahead`;
  if (durationSeconds === null) return '';
  if (state !== 'running') return clockLength(durationSeconds);
  return `${Math.min(100, Math.floor((processedSeconds / durationSeconds) * 100))}%`;
}

/** One job after the other. @throws the first job's error */
async function follow(typed: readonly string[]): Promise<void> {
  const daemon = await reachDaemon();
  for (const id of await resolveJobIds(daemon, typed)) {
    const transcript = await followJob(daemon, id, (event) => {
      if (event.type === 'segments-decoded') printText(event.segments.map(segmentLine).join(''));
    });
    await warnOfJob(daemon, id, { name: id, transcript });
  }
}

async function cancel(typed: readonly string[]): Promise<void> {
  const daemon = await reachDaemon();
  for (const id of await resolveJobIds(daemon, typed)) {
    const { state } = await cancelJob(daemon, id);
    log(`${id}: ${state === 'running' ? 'being cancelled' : state}`);
  }
}
