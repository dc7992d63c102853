import { statSync } from 'node:fs';

/** Identifies the file at a path: empty for none; null if it cannot be read now, as on a disk that is slow to wake. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? '' : null;
  }
}

/** Checks whether the file now at a path is still there later: data written to a deleted file is lost. */
export function watchPlace(path: string): () => boolean {
  const identity = identityOf(path);
  return () => [identity, null].includes(identityOf(path));
}
