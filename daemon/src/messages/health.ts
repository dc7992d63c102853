import type { WireError } from '../errors/wire-error.ts';

/** What `GET /v1/health` answers: whether the daemon can transcribe, and if not, why. */
export interface Health {
  readonly status: 'ok' | 'starting' | 'degraded' | 'stopping';
  readonly version: string;
  readonly processId: number;
  readonly uptimeSeconds: number;
  /** The TCP address that is listened on beside the socket; null when none is. */
  readonly listen: string | null;
  readonly engine: {
    readonly status: 'starting' | 'loading' | 'ready' | 'restarting' | 'failed' | 'unloaded' | 'stopped';
    /** Share of loading and warming done, 0 to 1; null when nothing loads. */
    readonly loadingProgress: number | null;
    readonly model: string | null;
    readonly restarts: number;
    readonly lastError: WireError | null;
  };
  readonly jobs: { readonly queued: number; readonly running: number };
  /** Why the status is `degraded`: with each, what to do about it. */
  readonly problems: readonly WireError[];
  /** What the user should know although everything goes on. */
  readonly warnings: readonly string[];
}
