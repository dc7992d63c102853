/** How often a limit is looked at. A longer gap is time in which nothing ran: a machine asleep, a stopped process. */
const tickMs = 250;
const longestTickMs = 2 * tickMs;

export interface RunningTime {
  /** Milliseconds in which this process ran. */
  elapsedMs(): number;
  stop(): void;
}

export interface RunningTimeRequest {
  readonly onTick: () => void;
  readonly now?: () => number;
  readonly setTicks?: (tick: () => void, ms: number) => () => void;
}

/** Measures time as a limit should: what passes while this process stands still does not count. */
export function startRunningTime({
  onTick,
  now = () => performance.now(),
  setTicks = setTimerTicks,
}: RunningTimeRequest): RunningTime {
  let elapsedMs = 0;
  let last = now();
  const stop = setTicks(() => {
    const time = now();
    elapsedMs += Math.min(time - last, longestTickMs);
    last = time;
    onTick();
  }, tickMs);
  return { elapsedMs: () => elapsedMs, stop };
}

function setTimerTicks(tick: () => void, ms: number): () => void {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
}
