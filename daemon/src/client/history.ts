import type { HistoryDeletion, HistoryDetails, HistoryPage, HistorySearch } from '../protocol/history.ts';
import { historyPageLength } from '../protocol/history-page-length.ts';
import { askJson } from './answer-within.ts';
import type { Daemon } from './request.ts';

/** One page of the transcripts that contain all words and "phrases" of the query, newest first. */
export function searchHistory(daemon: Daemon, search: HistorySearch = {}): Promise<HistoryPage> {
  const { query = '', limit = historyPageLength.largest, before } = search;
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (query !== '') parameters.append('query', query);
  if (before !== undefined) parameters.append('before', String(before));
  return askJson(daemon, { path: `/v1/history?${parameters}` });
}

/** Yields every page, one after the other. */
export async function* searchHistoryPages(daemon: Daemon, query = ''): AsyncGenerator<HistoryPage> {
  let page = await searchHistory(daemon, { query });
  yield page;
  while (page.nextBefore !== null) {
    page = await searchHistory(daemon, { query, before: page.nextBefore });
    yield page;
  }
}

/** @throws `HISTORY_ENTRY_NOT_FOUND` */
export function getTranscript(daemon: Daemon, id: string): Promise<HistoryDetails> {
  return askJson(daemon, { path: pathOf(id) });
}

/** @throws `HISTORY_ENTRY_NOT_FOUND` */
export async function deleteTranscript(daemon: Daemon, id: string): Promise<void> {
  await askJson(daemon, { method: 'DELETE', path: pathOf(id) });
}

/** Deletes all transcripts; returns how many there were. */
export async function deleteAllTranscripts(daemon: Daemon): Promise<number> {
  const { deleted } = await askJson<HistoryDeletion>(daemon, { method: 'DELETE', path: '/v1/history' });
  return deleted;
}

function pathOf(id: string): string {
  return `/v1/history/${encodeURIComponent(id)}`;
}
