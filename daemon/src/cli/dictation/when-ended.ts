/** Ctrl-C, Ctrl-D and Ctrl-Z as a terminal sends them where it does not act on them itself. */
const keyOf = { interrupt: '\x03', end: '\x04', suspend: '\x1a' } as const;

/**
 * Calls `onEnd` when a person ends the dictation: Enter or Ctrl-D on a terminal, Ctrl-C, or SIGTERM. A second Ctrl-C ends
 * this process; the daemon goes on with what it has. Returns what gives the terminal back.
 */
export function whenEnded(onEnd: () => void, input: NodeJS.ReadStream = process.stdin): () => void {
  let hasEnded = false;
  const end = () => {
    if (hasEnded) giveBack();
    if (hasEnded) process.exit(130);
    hasEnded = true;
    onEnd();
  };
  const read = (keys: Buffer) => {
    for (const key of keys.toString()) {
      if (key === keyOf.interrupt) end();
      else if (key === keyOf.suspend) suspend();
      else if ((key === '\r' || key === '\n' || key === keyOf.end) && !hasEnded) end();
    }
  };
  // A raw terminal shows no keys, which would tear the live text apart.
  const takeRaw = () => input.isTTY && input.setRawMode(true);
  const suspend = () => {
    input.setRawMode(false);
    process.kill(process.pid, 'SIGTSTP');
  };
  function giveBack(): void {
    if (input.isTTY) input.setRawMode(false);
    input.off('data', read);
    input.pause();
    process.off('SIGCONT', takeRaw);
    process.off('exit', giveBack);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('exit', giveBack);
  if (input.isTTY) {
    takeRaw();
    process.on('SIGCONT', takeRaw);
    input.on('data', read);
    input.resume();
  }
  return giveBack;
}
