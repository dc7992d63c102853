import type { WatchedFolder, WatchedFolders, WatchRequest } from '../protocol/watched-folders.ts';
import { askJson } from './answer-within.ts';
import { type Daemon, request, requestJson } from './request.ts';

export async function listWatchedFolders(daemon: Daemon): Promise<readonly WatchedFolder[]> {
  const { folders } = await askJson<WatchedFolders>(daemon, { path: '/v1/watch' });
  return folders;
}

/** @throws `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `REQUEST_INVALID`, `OPTION_INVALID` */
export function watchFolder(daemon: Daemon, asked: WatchRequest): Promise<WatchedFolder> {
  // A large folder takes a while to be listed.
  return requestJson(daemon, { method: 'POST', path: '/v1/watch', body: asked });
}

/** Its recordings and transcripts stay. @throws `WATCH_NOT_FOUND`, as `changeWatch` does */
export async function unwatchFolder(daemon: Daemon, id: string): Promise<void> {
  const response = await request(daemon, { method: 'DELETE', path: pathOf(id) });
  response.resume();
}

export function changeWatch(daemon: Daemon, id: string, change: 'pause' | 'resume' | 'retry'): Promise<WatchedFolder> {
  return askJson(daemon, { method: 'POST', path: `${pathOf(id)}/${change}` });
}

function pathOf(id: string): string {
  return `/v1/watch/${encodeURIComponent(id)}`;
}
