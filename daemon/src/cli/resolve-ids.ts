import { searchHistoryPages } from '../client/history.ts';
import { listJobs } from '../client/jobs.ts';
import type { Daemon } from '../client/request.ts';
import { HearthError } from '../errors/hearth-error.ts';

const kinds = {
  job: { code: 'JOB_NOT_FOUND', hint: 'See `hearth jobs --all`.' },
  transcript: { code: 'HISTORY_ENTRY_NOT_FOUND', hint: 'See `hearth history`.' },
} as const;

/** The ids of the jobs whose ids start with what was typed. @throws `JOB_NOT_FOUND`, `OPTION_INVALID` when several do */
export async function resolveJobIds(daemon: Daemon, typed: readonly string[]): Promise<readonly string[]> {
  const ids = (await listJobs(daemon)).map(({ id }) => id);
  return typed.map((prefix) => resolveIdPrefix('job', ids, prefix));
}

/** The same for transcripts. @throws `HISTORY_ENTRY_NOT_FOUND`, `OPTION_INVALID` when several do */
export async function resolveTranscriptIds(daemon: Daemon, typed: readonly string[]): Promise<readonly string[]> {
  if (typed.length === 0) return [];
  const ids: string[] = [];
  for await (const { entries } of searchHistoryPages(daemon)) ids.push(...entries.map(({ id }) => id));
  return typed.map((prefix) => resolveIdPrefix('transcript', ids, prefix));
}

function resolveIdPrefix(kind: keyof typeof kinds, ids: readonly string[], prefix: string): string {
  const { code, hint } = kinds[kind];
  if (prefix.trim() === '') throw new HearthError('OPTION_INVALID', 'The id is empty.', { hint });
  if (ids.includes(prefix)) return prefix;
  const found = ids.filter((id) => id.startsWith(prefix));
  const [only] = found;
  if (only === undefined) throw new HearthError(code, `No ${kind} has an id that starts with ${prefix}.`, { hint });
  if (found.length === 1) return only;
  throw new HearthError('OPTION_INVALID', `${found.length} ${kind}s have ids that start with ${prefix}.`, {
    hint: 'Type more of the id.',
  });
}
