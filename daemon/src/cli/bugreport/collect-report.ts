import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, version } from 'node:os';
import { readHealth, readResidency } from '../../client/health.ts';
import { listJobs } from '../../client/jobs.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import type { HomePaths } from '../../settings/home-paths.ts';
import { ownVersion } from '../../settings/own-version.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { PartFinding } from '../doctor/check-everything.ts';
import { shortenKnown, withoutSecrets, withoutWatched } from './redact.ts';
import { safeLogLine } from './safe-log-line.ts';

/** The newest lines of the log. */
const mostLogLines = 20_000;

export interface ReportRequest {
  readonly paths: HomePaths;
  readonly findings: readonly PartFinding[];
}

/** What a bug report contains, by file name: nothing that was said, no name of a recording, and no secret. */
export async function collectReport({ paths, findings }: ReportRequest): Promise<ReadonlyMap<string, string>> {
  const daemon = { socketPath: paths.socket };
  return new Map([
    ['versions.json', jsonOf(versions())],
    ['doctor.json', jsonOf(findings)],
    ['settings.json', jsonOf(await orError(async () => withoutSecrets(readSettings(paths.settingsFile))))],
    ['health.json', jsonOf(await orError(() => readHealth(daemon)))],
    ['ps.json', jsonOf(await orError(() => readResidency(daemon)))],
    ['jobs.json', jsonOf(await orError(async () => (await listJobs(daemon)).map(withoutNames)))],
    ['log.ndjson', logLines(paths).join('\n')],
  ]);
}

function versions(): Readonly<Record<string, unknown>> {
  const [cpu] = cpus();
  return {
    hearth: ownVersion(),
    node: process.versions.node,
    platform: process.platform,
    arch: arch(),
    release: release(),
    kernel: version(),
    cpu: cpu?.model ?? null,
    cores: cpus().length,
    memoryBytes: totalmem(),
  };
}

function withoutNames(job: Awaited<ReturnType<typeof listJobs>>[number]): Readonly<Record<string, unknown>> {
  const { id, state, priority, createdAt, startedAt, endedAt, durationSeconds, processedSeconds, error } = job;
  const times = { createdAt, startedAt, endedAt, durationSeconds, processedSeconds };
  return { id, state, priority, ...times, error: error?.code ?? null };
}

/** What cannot be asked is told with its reason: the report of a daemon that does not answer is worth the most. */
async function orError<Value>(ask: () => Promise<Value>): Promise<Value | { readonly notReadable: unknown }> {
  try {
    return await ask();
  } catch (error) {
    return { notReadable: toWireError(error) };
  }
}

function logLines({ logFile }: HomePaths): readonly string[] {
  const files = [`${logFile}.1`, logFile].filter((file) => existsSync(file));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  return lines.slice(-mostLogLines).flatMap((line) => safeLogLine(line) ?? []);
}

/** Paths of Hearth's own parts stay, with the user's folder as `~`. */
function jsonOf(value: unknown): string {
  const safe = (_: string, part: unknown) => (typeof part === 'string' ? withoutWatched(part) : part);
  return `${shortenKnown(JSON.stringify(value, safe, 2))}\n`;
}
