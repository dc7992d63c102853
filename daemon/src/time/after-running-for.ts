/** What a limit is counted in: a stop uses up one of them at most. */
const ticksPerLimit = 20;

export interface RunningTimer {
  /** Begins to count anew, unless it was stopped. */
  restart(): void;
  stop(): void;
}

/**
 * Calls back once this process has run for so long. The time in which it was stopped, or the machine asleep, does not
 * count: whoever was to be heard of meanwhile could not be.
 */
export function afterRunningFor(limitMs: number, callBack: () => void): RunningTimer {
  let ticks = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    ticks = 0;
    clearInterval(timer);
    // However late an interval is, it fires once.
    timer = setInterval(() => {
      ticks += 1;
      if (ticks < ticksPerLimit) return;
      clearInterval(timer);
      callBack();
    }, limitMs / ticksPerLimit);
  }

  start();
  return {
    restart() {
      if (!isStopped) start();
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
