import type { JobEvent } from '../../protocol/job-events.ts';

/** Shows how a job goes. */
export interface Progress {
  readonly start: (input: string) => void;
  /** `atMs` is when the event came, by `performance.now`; now if it is left out. */
  readonly follow: (event: JobEvent, atMs?: number) => void;
  /** Hides the progress while `write` prints something. */
  readonly around: (write: () => void) => void;
  readonly stop: () => void;
}

/** For pipes and `--quiet`. */
export const silentProgress: Progress = {
  start: () => {},
  follow: () => {},
  around: (write) => write(),
  stop: () => {},
};
