/** Times and counts that decide when the supervisor gives up on an engine process and how soon it starts the next. */
export interface EngineLimits {
  readonly heartbeatIntervalMs: number;
  /** Heartbeats in a row that a busy engine may miss before it counts as hung. Counted, so that sleep of the machine does not. */
  readonly missedHeartbeats: number;
  /** The same while the daemon is about to stop. */
  readonly missedWhenImpatient: number;
  /** Heartbeats in a row that work may go on without a step, such as a token or a layer, before it counts as stuck. */
  readonly beatsWithoutStep: number;
  /** How long the engine may take to end after it was asked to, and again after SIGTERM, before SIGKILL. */
  readonly endMs: number;
  /** Delay before the second restart in a row; the first is immediate, each later one waits twice as long. */
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
  restartDelayMs: 1000,
  maxRestartDelayMs: 60_000,
  failuresInARow: 5,
};

/** Milliseconds to wait before the restart after `failures` failures in a row. */
export function restartDelay(failures: number, limits: EngineLimits): number {
  if (failures <= 1) return 0;
  return Math.min(limits.restartDelayMs * 2 ** (failures - 2), limits.maxRestartDelayMs);
}
