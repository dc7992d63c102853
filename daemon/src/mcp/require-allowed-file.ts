import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { atNamedPath } from '../settings/named-files.ts';

/**
 * The path of a file without links, if it is below one of the folders. A file elsewhere is refused in the same words
 * whether it exists or not.
 * @throws `REQUEST_INVALID`, `FOLDER_NOT_ALLOWED`, `FILE_NOT_FOUND`
 */
export async function requireAllowedFile(
  path: string,
  folders: readonly string[],
  userHome: string = process.env['HOME'] || homedir(),
): Promise<string> {
  const wanted = withHome(path, userHome);
  if (!isAbsolute(wanted) || wanted.includes('\0')) {
    throw new HearthError('REQUEST_INVALID', `Expected the absolute path of a recording, got ${path}.`, {
      hint: 'Name the whole path, such as /Users/me/Recordings/talk.m4a.',
    });
  }
  const allowed = folders.map((folder) => withHome(folder, userHome));
  const real = await atNamedPath(() => realpath(wanted)).catch((error: NodeJS.ErrnoException) => error);
  if (typeof real !== 'string') {
    if (allowed.some((folder) => isBelow(normalize(wanted), normalize(folder)))) throw missing(path, real);
    throw refusal(path, folders);
  }
  for (const folder of allowed) {
    const realFolder = await atNamedPath(() => realpath(folder)).catch(() => null);
    if (realFolder !== null && isBelow(real, realFolder)) return real;
  }
  throw refusal(path, folders);
}

function withHome(path: string, userHome: string): string {
  return path.startsWith('~/') ? join(userHome, path.slice(2)) : path;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function missing(path: string, cause: NodeJS.ErrnoException): HearthError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new HearthError('FILE_NOT_FOUND', `Expected a file at ${path}, got none.`, { cause });
  }
  return new HearthError('FILE_NOT_PERMITTED', `${path} cannot be opened: ${systemReason(cause)}.`, {
    hint: 'Check the permissions of the file and of its folders.',
    cause,
  });
}

function refusal(path: string, folders: readonly string[]): HearthError {
  const expected = folders.length === 0 ? 'none is set' : `it has ${folders.join(', ')}`;
  return new HearthError(
    'FOLDER_NOT_ALLOWED',
    `Expected a file below a folder in \`mcpFolders\` (${expected}), got ${path}.`,
    {
      hint: 'Ask the user to add the recording\'s folder to `mcpFolders` in Hearth\'s settings.json, such as { "mcpFolders": ["~/Recordings"] }.',
    },
  );
}
