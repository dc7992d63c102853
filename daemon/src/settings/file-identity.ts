import { statSync } from 'node:fs';

/** Which file is at a path: empty for none; null for what cannot be looked at now, as on a disk that is slow to wake. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? '' : null;
  }
}

/** Says whether the file that is at a path now still is: what is written to one that was deleted is lost. */
export function watchPlace(path: string): () => boolean {
  const identity = identityOf(path);
  return () => [identity, null].includes(identityOf(path));
}
