/** Times and counts that decide when the supervisor gives up on an engine process, and how soon it starts the next one. */
export interface EngineLimits {
  readonly heartbeatIntervalMs: number;
  /** Missed heartbeats in a row after which a busy engine counts as hung. Counted, so that sleep does not count. */
  readonly missedHeartbeats: number;
  /** The same while the daemon is stopping. */
  readonly missedWhenImpatient: number;
  /** Heartbeats in a row without a step of the work, such as a token or a layer, after which it counts as stuck. */
  readonly beatsWithoutStep: number;
  /** How long the engine may take to end after a request, and again after SIGTERM, before SIGKILL. */
  readonly endMs: number;
  /** How long it may take to be gone after SIGKILL: a call on a disk that does not answer may outlive it. */
  readonly goneMs: number;
  /** Delay before the second restart in a row. The first is immediate, and each later delay is twice as long. */
  readonly restartDelayMs: number;
  readonly maxRestartDelayMs: number;
  /** Failures in a row, without a finished job between them, after which the engine counts as failed. */
  readonly failuresInARow: number;
}

export const defaultEngineLimits: EngineLimits = {
  heartbeatIntervalMs: 1000,
  missedHeartbeats: 30,
  missedWhenImpatient: 3,
  beatsWithoutStep: 120,
  endMs: 2000,
  goneMs: 10_000,
  restartDelayMs: 1000,
  maxRestartDelayMs: 60_000,
  failuresInARow: 5,
};

/** Milliseconds to wait before the restart after `failures` failures in a row. */
export function restartDelay(failures: number, limits: EngineLimits): number {
  if (failures <= 1) return 0;
  return Math.min(limits.restartDelayMs * 2 ** (failures - 2), limits.maxRestartDelayMs);
}
