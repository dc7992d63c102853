/** The stages whose time a result reports. */
export type Stage = 'logMel' | 'encode' | 'decode';

/** Adds up the seconds that each stage takes. */
export interface Stopwatch {
  measure<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result>;
  seconds(stage: Stage): number;
}

/** `nowMs` is a clock that never goes back, such as `performance.now`. */
export function createStopwatch(nowMs: () => number): Stopwatch {
  const totals: Record<Stage, number> = { logMel: 0, encode: 0, decode: 0 };
  return {
    async measure(stage, work) {
      const startedMs = nowMs();
      try {
        return await work();
      } finally {
        totals[stage] += (nowMs() - startedMs) / 1000;
      }
    },
    seconds: (stage) => totals[stage],
  };
}
