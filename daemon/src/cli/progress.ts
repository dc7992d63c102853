import type { JobEvent } from '../messages/job-events.ts';

/** What the user sees of a running job. */
export interface Progress {
  readonly start: (input: string) => void;
  readonly follow: (event: JobEvent) => void;
  /** Says what is waited for before the job runs, with the share done when it is known. */
  readonly wait: (reason: string, share?: number) => void;
  /** Takes the progress away while `write` prints something lasting. */
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
