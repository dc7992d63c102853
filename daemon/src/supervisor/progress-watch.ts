import type { EngineProgress } from '../messages/engine-messages.ts';
import type { EngineLimits } from './engine-limits.ts';

export interface ProgressWatch {
  /** What a heartbeat says of the engine's work. */
  beat(progress: EngineProgress): void;
}

export interface ProgressWatchRequest {
  readonly limits: EngineLimits;
  readonly onStuck: () => void;
}

/** Calls `onStuck` once when the engine's work has taken no step for too many heartbeats in a row. */
export function watchProgress({ limits, onStuck }: ProgressWatchRequest): ProgressWatch {
  let lastSteps = -1;
  let beats = 0;
  return {
    beat({ isWorking, steps }) {
      beats = isWorking && steps === lastSteps ? beats + 1 : 0;
      lastSteps = steps;
      if (beats === limits.beatsWithoutStep) onStuck();
    },
  };
}
