import type { EngineProgress } from '../../protocol/engine-messages.ts';
import type { EngineLimits } from './engine-limits.ts';

export interface ProgressWatch {
  /** What a heartbeat says of the engine's work. */
  beat(progress: EngineProgress): void;
  /** Whatever else the engine says: its work goes on. */
  heardOfWork(): void;
  /** Whether so long nothing has moved that its user should know. */
  isStalled(): boolean;
}

export interface ProgressWatchRequest {
  readonly limits: EngineLimits;
  /** Whether work waits that the engine should be at, though none of its threads is. */
  readonly shouldMove: () => boolean;
  readonly onStuck: () => void;
}

/**
 * Calls `onStuck` once when the engine's work has taken no step for too many heartbeats in a row, also when work waits and
 * nothing runs.
 */
export function watchProgress({ limits, shouldMove, onStuck }: ProgressWatchRequest): ProgressWatch {
  let lastSteps = -1;
  let beats = 0;
  return {
    beat({ isWorking, steps }) {
      beats = (isWorking || shouldMove()) && steps === lastSteps ? beats + 1 : 0;
      lastSteps = steps;
      if (beats === limits.beatsWithoutStep) onStuck();
    },
    heardOfWork() {
      beats = 0;
    },
    isStalled: () => beats >= limits.beatsWithoutStep / 4,
  };
}
