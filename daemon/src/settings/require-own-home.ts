import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';

/**
 * Refuses to work as root in somebody else's home, or where theirs is to be made: what root leaves there keeps its owner out
 * from then on. @throws `HOME_NOT_WRITABLE`
 */
export function requireOwnHome(
  home: string,
  { userId = process.getuid?.() ?? null, environment = process.env }: Partial<Caller> = {},
): void {
  // A container may run as root in any folder.
  if (userId !== 0 || !environment['SUDO_UID'] || ownerOf(home) === 0) return;
  throw new HearthError('HOME_NOT_WRITABLE', `${home} belongs to another user, and root would keep them out of it.`, {
    hint: 'Run Hearth without sudo, as the user whose home it is.',
  });
}

interface Caller {
  readonly userId: number | null;
  readonly environment: NodeJS.ProcessEnv;
}

/** Of the folder above it where it does not exist yet. */
function ownerOf(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined ? ownerOf(dirname(path)) : status.uid;
}
