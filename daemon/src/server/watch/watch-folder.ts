import { randomUUID } from 'node:crypto';
import { opendir, realpath, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { systemReason } from '../../errors/system-reason.ts';
import { normalizeOptions } from '../../protocol/options/normalize-options.ts';
import type { WatchRequest, WatchRules } from '../../protocol/watched-folders.ts';
import { type FoundRecording, findRecordings } from './found-recording.ts';
import { disksOf } from './require-disks.ts';
import type { StoredFolder } from './stored-watch.ts';

/**
 * Checks a request and completes it; also lists the recordings that are there already.
 * @throws `REQUEST_INVALID`, `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `OPTION_INVALID`
 */
export async function prepareFolder(
  request: WatchRequest,
  watched: readonly StoredFolder[],
): Promise<{ readonly folder: StoredFolder; readonly earlier: readonly FoundRecording[] }> {
  const { formats = ['txt'], to = null, moveDone = null, recursive = false, endings = null, history = true } = request;
  const options = normalizeOptions(request.options ?? {});
  for (const path of [request.path, to, moveDone]) if (path !== null) requireAbsolute(path);
  const path = await realpath(request.path).catch((error) => {
    throw folderError(request.path, error);
  });
  if (!(await stat(path)).isDirectory()) throw invalid(`Expected a folder, got the file ${request.path}.`);
  const rules: WatchRules = { path, formats, to, moveDone, recursive, endings, history, options };
  if (moveDone !== null && (await realpath(moveDone).catch(() => moveDone)) === path) {
    throw invalid(`Expected another folder for the recordings that are done, got the watched one, ${path}.`);
  }
  const other = watched.find((each) => isWithin(each.rules, rules) || isWithin(rules, each.rules));
  if (other !== undefined) {
    throw invalid(
      `${path} is watched already, by ${other.rules.path}.`,
      'Remove that one first: `hearth watch remove`.',
    );
  }
  try {
    await (await opendir(path)).close();
    const earlier: FoundRecording[] = [];
    if (request.existing !== true) for await (const found of findRecordings(rules)) earlier.push(found);
    return {
      folder: { id: randomUUID(), rules, isPaused: false, addedAtMs: Date.now(), disks: await disksOf(rules) },
      earlier,
    };
  } catch (error) {
    throw folderError(path, error);
  }
}

/** Why a folder cannot be read. */
export function folderError(path: string, cause: unknown): unknown {
  if (cause instanceof HearthError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const hint = 'Hearth looks again every minute: it may be on a disk that is not connected.';
    return new HearthError('FILE_NOT_FOUND', `There is no folder ${path}.`, { hint, cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const hint =
      process.platform === 'darwin'
        ? 'Allow Hearth in System Settings > Privacy & Security > Full Disk Access: docs/watch.md.'
        : 'Check the permissions of the folder.';
    return new HearthError('FILE_NOT_PERMITTED', `Hearth may not read the folder ${path}.`, { hint, cause });
  }
  const hint = code === 'ETIMEDOUT' ? 'Hearth goes on when its disk answers.' : 'Check the folder and its disk.';
  const message = `The folder ${path} cannot be read: ${systemReason(cause)}.`;
  return new HearthError('FILE_NOT_PERMITTED', message, { hint, cause });
}

/** Whether the recordings of the first folder are those of the second, too. */
function isWithin(inner: WatchRules, outer: WatchRules): boolean {
  if (inner.path === outer.path) return true;
  return outer.recursive && inner.path.startsWith(outer.path === '/' ? '/' : `${outer.path}/`);
}

function requireAbsolute(path: string): void {
  if (!isAbsolute(path)) throw invalid(`Expected an absolute path, got ${path}.`);
}

function invalid(message: string, hint = ''): HearthError {
  return new HearthError('REQUEST_INVALID', message, { hint });
}
