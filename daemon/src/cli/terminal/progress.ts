import type { JobEvent } from '../../messages/job-events.ts';

/** Shows how a job goes. */
export interface Progress {
  readonly start: (input: string) => void;
  readonly follow: (event: JobEvent) => void;
  /** Shows what the job waits for before it runs, with the share done if it is known. */
  readonly wait: (reason: string, share?: number) => void;
  /** Hides the progress while `write` prints something. */
  readonly around: (write: () => void) => void;
  readonly stop: () => void;
}

/** For pipes and `--quiet`. */
export const silentProgress: Progress = {
  start: () => {},
  follow: () => {},
  wait: () => {},
  around: (write) => write(),
  stop: () => {},
};
