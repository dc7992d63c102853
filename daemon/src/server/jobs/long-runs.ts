import { afterRunningFor } from '../../time/after-running-for.ts';
import type { Job } from './job.ts';

export interface LongRunsRequest {
  /** Whether interactive jobs wait for a place on the engine. */
  readonly isAwaited: () => boolean;
  /** Takes a job from the engine, which others wait for. */
  readonly makeWay: (job: Job) => void;
  /** What an interactive job has the engine for, whoever waits. */
  readonly longMs?: number;
  /** Windows that it may take as much time for as it needs: on a busy machine, a clip takes long, too. */
  readonly fewWindows?: number;
  /** After this long, a job that has not opened its recording waits for another one's sound or model. */
  readonly unopenedMs?: number;
}

/** One interactive job on the engine. */
export interface FollowedRun {
  opened(): void;
  /** A window more is decoded. */
  stepped(): void;
  end(): void;
}

/** Finds interactive jobs that keep others waiting: nobody knows before how long a recording takes. */
export interface LongRuns {
  follow(job: Job): FollowedRun;
  /** Looks whether somebody waits for one that takes long; called whenever that may have changed. */
  look(): void;
}

export function watchLongRuns(request: LongRunsRequest): LongRuns {
  const { isAwaited, makeWay, longMs = 30_000, fewWindows = 4, unopenedMs = 10_000 } = request;
  /** Those that have had the engine for long, the longest first. */
  const long = new Set<Job>();
  const unopened = new Set<Job>();

  function look(): void {
    const [longest] = long;
    if (longest === undefined || !(isAwaited() || [...unopened].some((job) => job !== longest))) return;
    long.delete(longest);
    makeWay(longest);
  }

  function put(job: Job, jobs: Set<Job>): void {
    jobs.add(job);
    look();
  }

  return {
    follow(job) {
      let windows = 0;
      let isLate = false;
      const running = afterRunningFor(longMs, () => {
        isLate = true;
        if (windows > fewWindows) put(job, long);
      });
      const opening = afterRunningFor(unopenedMs, () => put(job, unopened));
      const opened = () => {
        opening.stop();
        unopened.delete(job);
      };
      return {
        opened,
        stepped() {
          windows++;
          if (isLate && windows === fewWindows + 1) put(job, long);
        },
        end() {
          opened();
          running.stop();
          long.delete(job);
        },
      };
    },
    look,
  };
}
