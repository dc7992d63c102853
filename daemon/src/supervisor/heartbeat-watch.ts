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
  readonly onSilence: () => void;
}

/** Calls `onSilence` once a busy engine has missed too many heartbeats in a row. */
export function watchHeartbeats({ limits, isBusy, onSilence }: HeartbeatWatchRequest): HeartbeatWatch {
  let missed = 0;
  const timer = setInterval(() => {
    missed = isBusy() ? missed + 1 : 0;
    if (missed <= limits.missedHeartbeats) return;
    clearInterval(timer);
    onSilence();
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
