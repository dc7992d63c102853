/** How often it looks. */
const intervalMs = 1_000;
/** Looks in a row that find work held up before its user should know. Counted, so that sleep of the machine does not. */
const looksUntilTold = 30;

export interface HandoverWatch {
  /** Whether work has been held up for so long that its user should know. */
  isHeldUp(): boolean;
  close(): void;
}

/** Looks whether work waits and nothing takes it, and calls `onHeldUp` with each look for as long as that goes on. */
export function watchHandover({
  isHeldUp,
  onHeldUp,
}: {
  readonly isHeldUp: () => boolean;
  readonly onHeldUp: () => void;
}): HandoverWatch {
  let looks = 0;
  const timer = setInterval(() => {
    looks = isHeldUp() ? looks + 1 : 0;
    if (looks >= looksUntilTold) onHeldUp();
  }, intervalMs).unref();
  return {
    isHeldUp: () => looks >= looksUntilTold,
    close: () => clearInterval(timer),
  };
}
