import type { JobEvent } from '../../protocol/job-events.ts';

/** Shows how a job goes. */
export interface Progress {
  /** `note` says what it waits for first. */
  readonly start: (input: string, note?: string) => void;
  /** The share of the recording that has been downloaded. */
  readonly download: (share: number) => void;
  /** `atMs` is when the event came, by `performance.now`; now if it is left out. */
  readonly follow: (event: JobEvent, atMs?: number) => void;
  /** Hides the progress while `write` prints something. */
  readonly around: (write: () => void) => void;
  readonly stop: () => void;
}

/** For pipes and `--quiet`. */
export const silentProgress: Progress = {
  start: () => {},
  download: () => {},
  follow: () => {},
  around: (write) => write(),
  stop: () => {},
};
