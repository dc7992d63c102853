import { existsSync } from 'node:fs';

/** Seldom, since each look wakes a sleeping processor. */
const intervalMs = 60_000;

export interface WatchInstallationRequest {
  /** A file of the code that runs. */
  readonly module: string;
  readonly onGone: () => void;
  readonly everyMs?: number;
}

/**
 * Tells once that the code that runs is no longer on disk. An upgrade by a package manager removes it, and what is loaded
 * later, such as the next engine, would be missing.
 */
export function watchInstallation({ module, onGone, everyMs = intervalMs }: WatchInstallationRequest): void {
  const timer = setInterval(() => {
    if (existsSync(module)) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
}
