import type { EngineLimits } from './engine-limits.ts';

export interface HeartbeatWatch {
  /** Any sign of life. */
  beat(): void;
  stop(): void;
}

export interface HeartbeatWatchRequest {
  readonly limits: EngineLimits;
  /** An idle engine may be silent: the machine may have it swapped out. */
  readonly isBusy: () => boolean;
  /** Whether a silent engine should be given up sooner. */
  readonly isImpatient: () => boolean;
  /** Called with the number of missed heartbeats. */
  readonly onSilence: (missed: number) => void;
}

/** Calls `onSilence` once a busy engine has missed too many heartbeats in a row. */
export function watchHeartbeats({ limits, isBusy, isImpatient, onSilence }: HeartbeatWatchRequest): HeartbeatWatch {
  let missed = 0;
  const timer = setInterval(() => {
    missed = isBusy() ? missed + 1 : 0;
    if (missed <= (isImpatient() ? limits.missedWhenImpatient : limits.missedHeartbeats)) return;
    clearInterval(timer);
    onSilence(missed - 1);
  }, limits.heartbeatIntervalMs);
  return {
    beat() {
      missed = 0;
    },
    stop() {
      clearInterval(timer);
    },
  };
}
