import { constants } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { makeFolders } from '../../settings/make-folders.ts';
import { requireOwnHome } from '../../settings/require-own-home.ts';

/** Bits of a mode: access by others, writable by everybody, and the sticky bit, which protects files from other users. */
const modes = { others: 0o077, writableByAll: 0o002, sticky: 0o1000 };

/**
 * Creates the home for its owner alone. One that was there keeps its mode: it may be a folder that others use.
 * @throws `HOME_NOT_WRITABLE`
 */
export async function prepareHome(home: string): Promise<void> {
  requireOwnHome(home);
  try {
    if (makeFolders(home, 0o700).length > 0) await chmod(home, 0o700);
    await access(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw writeError(home, error, { code: 'HOME_NOT_WRITABLE' });
  }
  const { mode } = await stat(home);
  if ((mode & modes.writableByAll) !== 0 && (mode & modes.sticky) === 0) {
    throw new HearthError('HOME_NOT_WRITABLE', `Expected a home that only its owner changes, got ${home}.`, {
      hint: `Every user can replace what Hearth keeps there. Close it with \`chmod o-w '${home}'\`, or set HEARTH_HOME to another folder.`,
    });
  }
}

/** A warning about a home that other users can open; null for a private one. */
export async function homeWarning(home: string): Promise<string | null> {
  const status = await stat(home).catch(() => null);
  if (status === null || (status.mode & modes.others) === 0) return null;
  return `${home} is open to other users. Hearth keeps its own files private; close the folder with \`chmod 700 '${home}'\`.`;
}
