/** What a limit is counted in: a stop uses up one of them at most. */
const ticksPerLimit = 20;

/**
 * Calls back once this process has run for so long. The time in which it was stopped, or the machine asleep, does not
 * count: whoever was to be heard of meanwhile could not be. Answers with how to give the wait up.
 */
export function afterRunningFor(limitMs: number, callBack: () => void): () => void {
  let ticks = 0;
  // However late an interval is, it fires once.
  const timer = setInterval(() => {
    ticks += 1;
    if (ticks < ticksPerLimit) return;
    clearInterval(timer);
    callBack();
  }, limitMs / ticksPerLimit);
  return () => clearInterval(timer);
}
