/** What takes the time of a request. `prompt` is a part of `decode`: until the first token is chosen. */
export type Stage = 'voiceActivity' | 'logMel' | 'encode' | 'detectLanguage' | 'decode' | 'prompt' | 'align';

/**
 * What the model counts: encoder passes, decoder runs whatever their rows, tokens chosen whatever became of them, and
 * the seconds of decoding that its thread worked itself and waited for the device.
 */
export type Count = 'windows' | 'decoderSteps' | 'tokens' | 'decodeHostSeconds' | 'decodeDeviceSeconds';

/** Adds up the seconds that each stage of one recording takes. */
export interface Stopwatch {
  /** Starts a stage, and gives what ends it. What overlaps in a stage counts once. */
  start(stage: Stage): () => void;
  measure<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result>;
  seconds(stage: Stage): number;
  add(count: Count, more: number): void;
  count(count: Count): number;
}

/** `nowMs` is a clock that never goes back, such as `performance.now`. */
export function createStopwatch(nowMs: () => number): Stopwatch {
  const totals = new Map<Stage, number>();
  const running = new Map<Stage, { starts: number; startedMs: number }>();
  const counts = new Map<Count, number>();

  function start(stage: Stage): () => void {
    const stretch = running.get(stage) ?? { starts: 0, startedMs: nowMs() };
    running.set(stage, stretch);
    stretch.starts += 1;
    let isEnded = false;
    return () => {
      if (isEnded) return;
      isEnded = true;
      stretch.starts -= 1;
      if (stretch.starts > 0) return;
      running.delete(stage);
      totals.set(stage, (totals.get(stage) ?? 0) + (nowMs() - stretch.startedMs) / 1000);
    };
  }

  return {
    start,
    async measure(stage, work) {
      const end = start(stage);
      try {
        return await work();
      } finally {
        end();
      }
    },
    seconds: (stage) => totals.get(stage) ?? 0,
    add: (count, more) => void counts.set(count, (counts.get(count) ?? 0) + more),
    count: (count) => counts.get(count) ?? 0,
  };
}
