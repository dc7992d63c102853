import type { FoundRecording } from './found-recording.ts';

/** Knows which files have stopped growing. */
export interface Settling {
  /** Whether a file is as it was `settleMs` ago. */
  hasSettled(found: FoundRecording): boolean;
  /** Forgets files that are no longer waited for. */
  keepOnly(paths: ReadonlySet<string>): void;
  readonly size: number;
}

export function createSettling(settleMs: number, now: () => number): Settling {
  const seen = new Map<string, { readonly size: number; readonly mtimeMs: number; readonly sinceMs: number }>();
  return {
    hasSettled({ path, size, mtimeMs }) {
      const before = seen.get(path);
      const isSame = before !== undefined && before.size === size && before.mtimeMs === mtimeMs;
      if (!isSame) seen.set(path, { size, mtimeMs, sinceMs: now() });
      return isSame && size > 0 && now() - before.sinceMs >= settleMs;
    },
    keepOnly(paths) {
      for (const path of seen.keys()) if (!paths.has(path)) seen.delete(path);
    },
    get size() {
      return seen.size;
    },
  };
}
