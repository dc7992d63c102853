/** The unit in which a limit is counted. A stop uses up one at most. */
const ticksPerLimit = 20;

export interface RunningTimer {
  /** Starts counting again, unless it was stopped. */
  restart(): void;
  stop(): void;
}

/**
 * Calls back once this process has run for this long. Time in which it was stopped, or the machine was asleep, does not
 * count, because nothing could reach it then.
 */
export function afterRunningFor(limitMs: number, callBack: () => void): RunningTimer {
  let ticks = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    ticks = 0;
    clearInterval(timer);
    // However late an interval is, it only fires once.
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
