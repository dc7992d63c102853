import { existsSync } from 'node:fs';

/** Rare, since each check wakes an idle processor. */
const intervalMs = 60_000;

export interface WatchInstallationRequest {
  /** A file of the running code. */
  readonly module: string;
  readonly onGone: () => void;
  readonly everyMs?: number;
}

/**
 * Calls `onGone` once when the running code is no longer on disk. An upgrade by a package manager removes it, and code that
 * is loaded later, such as the next engine, would be missing.
 */
export function watchInstallation({ module, onGone, everyMs = intervalMs }: WatchInstallationRequest): void {
  const timer = setInterval(() => {
    if (existsSync(module)) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
}
