import type { JobEvent } from '../../protocol/job-events.ts';

/** Shows how a job goes. */
export interface Progress {
  readonly start: (input: string) => void;
  readonly follow: (event: JobEvent) => void;
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
