import { HearthError } from '../errors/hearth-error.ts';
import { homePaths } from '../settings/home-paths.ts';
import { afterRunningFor } from '../time/after-running-for.ts';
import { type Daemon, type DaemonRequest, requestJson } from './request.ts';

/** For questions that a healthy daemon answers at once, however busy the machine is. */
export const defaultAnswerWithinMs = 15_000;

/**
 * Asks the daemon one question and gives up if the answer takes too long: a stopped process keeps its socket, so
 * connections to it neither fail nor end. Time in which this process is stopped does not count.
 * @throws `DAEMON_NOT_ANSWERING`, what `ask` throws
 */
export async function answerWithin<Answer>(daemon: Daemon, ask: (daemon: Daemon) => Promise<Answer>): Promise<Answer> {
  const { answerWithinMs = defaultAnswerWithinMs, signal } = daemon;
  const late = new AbortController();
  const timer = afterRunningFor(answerWithinMs, () => late.abort());
  const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  try {
    return await ask({ ...daemon, signal: either });
  } catch (error) {
    if (!late.signal.aborted || signal?.aborted === true) throw error;
    throw await notAnswering(daemon, answerWithinMs);
  } finally {
    timer.stop();
  }
}

/** Returns the JSON that answers a question. @throws `DAEMON_NOT_ANSWERING`, what `requestJson` throws */
export function askJson<Answer>(daemon: Daemon, asked: DaemonRequest): Promise<Answer> {
  return answerWithin(daemon, (bounded) => requestJson(bounded, asked));
}

async function notAnswering({ socketPath }: Daemon, answerWithinMs: number): Promise<HearthError> {
  // Reading the lock loads SQLite, which a successful command does not need.
  const [{ dirname }, { readLockHolder }] = await Promise.all([
    import('node:path'),
    import('../settings/lock-holder.ts'),
  ]);
  const processId = readLockHolder(homePaths({ HEARTH_HOME: dirname(socketPath) }))?.processId ?? null;
  const who = processId === null ? 'The daemon' : `The daemon (process ${processId})`;
  const hint =
    processId === null
      ? 'Wait for it, or run `hearth doctor`.'
      : `Wait for it, let it go on with \`kill -CONT ${processId}\` if it was stopped, or end it with \`kill -9 ${processId}\`.`;
  const message = `${who} runs, but did not answer within ${answerWithinMs / 1000} s.`;
  return new HearthError('DAEMON_NOT_ANSWERING', message, { hint });
}
