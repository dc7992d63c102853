import type { HearthError } from '../errors/hearth-error.ts';
import { afterRunningFor } from '../time/after-running-for.ts';
import { defaultAnswerWithinMs } from './answer-within.ts';
import { readHealth } from './health.ts';
import type { Daemon } from './request.ts';

/** A daemon that was stopped for a minute, or whose machine slept, goes on: its work is given up much later. */
const patience = 8;

/**
 * Waits for work of the daemon that may take hours and be silent, such as a transcription. Meanwhile the daemon is asked
 * now and then how it is; the work is given up only if it does not answer that for two minutes.
 * @throws `DAEMON_NOT_ANSWERING`, what `work` throws
 */
export async function whileAnswering<Result>(
  daemon: Daemon,
  work: (daemon: Daemon) => Promise<Result>,
): Promise<Result> {
  const { socketPath, signal, answerWithinMs = defaultAnswerWithinMs } = daemon;
  const gone = new AbortController();
  const done = new AbortController();
  let failure: HearthError | null = null;
  let timer = afterRunningFor(answerWithinMs, look);

  async function look(): Promise<void> {
    try {
      await readHealth({ socketPath, signal: done.signal, answerWithinMs: patience * answerWithinMs });
    } catch (error) {
      // Other failures say that somebody answers, or that the work will soon fail by itself.
      if ((error as HearthError).code === 'DAEMON_NOT_ANSWERING') failure = error as HearthError;
    }
    if (failure !== null) gone.abort();
    else if (!done.signal.aborted) timer = afterRunningFor(answerWithinMs, look);
  }

  try {
    const either = signal === undefined ? gone.signal : AbortSignal.any([signal, gone.signal]);
    return await work({ ...daemon, signal: either });
  } catch (error) {
    throw signal?.aborted === true ? error : (failure ?? error);
  } finally {
    done.abort();
    timer.stop();
  }
}
