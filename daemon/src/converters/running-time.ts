/** How often a limit is checked. A longer gap is time in which nothing ran: a sleeping machine, or a stopped process. */
const tickMs = 250;
const longestTickMs = 2 * tickMs;

export interface RunningTime {
  /** Milliseconds during which this process ran. */
  elapsedMs(): number;
  stop(): void;
}

export interface RunningTimeRequest {
  readonly onTick: () => void;
  readonly now?: () => number;
  readonly setTicks?: (tick: () => void, ms: number) => () => void;
}

/** Measures time for limits: time in which this process was stopped does not count. */
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
