import type { EngineProgress } from '../../protocol/engine-messages.ts';
import type { EngineLimits } from './engine-limits.ts';

export interface ProgressWatch {
  /** Takes the progress that a heartbeat reports. */
  beat(progress: EngineProgress): void;
  /** Any other event of the engine shows that it is working. */
  reset(): void;
  /** Whether there has been no progress for so long that the user should know. */
  isStalled(): boolean;
}

export interface ProgressWatchRequest {
  readonly limits: EngineLimits;
  /** Whether the engine has work waiting, even if none of its threads is busy. */
  readonly shouldMove: () => boolean;
  readonly onStuck: () => void;
}

/**
 * Calls `onStuck` once when the engine's work has made no step for too many heartbeats in a row, also if work is waiting and
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
    reset() {
      beats = 0;
    },
    isStalled: () => beats >= limits.beatsWithoutStep / 4,
  };
}
