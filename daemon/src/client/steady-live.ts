import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import type { JobEvent } from '../protocol/job-events.ts';
import { getJob } from './jobs.ts';
import { continueLive, type LiveRequest, transcribeLive } from './live.ts';
import { replaySound } from './replay-sound.ts';
import type { Daemon } from './request.ts';

/** The daemon keeps a session for a minute. */
const pausesMs = [0, 200, 1000, 3000, 5000, 10_000, 20_000];

/**
 * As `transcribeLive`, and goes on in the same session where the connection breaks. Where the daemon has ended, the error
 * stays: what it had received it transcribes when it runs again. @throws what `transcribeLive` throws
 */
export async function* transcribeLiveSteadily(daemon: Daemon, request: LiveRequest): AsyncGenerator<JobEvent> {
  const sound = replaySound(request.audio);
  let jobId: string | null = null;
  let from = 0;
  let attempt = 0;
  let events = transcribeLive(daemon, { ...request, audio: sound.from(0) });
  try {
    for (;;) {
      try {
        for await (const event of events) {
          ({ jobId } = event);
          if ('seq' in event) from = event.seq + 1;
          attempt = 0;
          yield event;
        }
        return;
      } catch (error) {
        if (!isBroken(error)) throw error;
        if (jobId === null) {
          // Nobody knows whether it has a session: another one hears all from the beginning.
          const pauseMs = pausesMs[attempt++];
          if (pauseMs === undefined || sound.keptFrom() > 0) throw error;
          await delay(pauseMs, undefined, { signal: daemon.signal }).catch(() => undefined);
          events = transcribeLive(daemon, { ...request, audio: sound.from(0) });
          continue;
        }
        const offset = await findOffset(daemon, jobId, () => pausesMs[attempt++]);
        if (offset === null || offset < sound.keptFrom()) throw error;
        events = continueLive(daemon, { jobId, from, offset, audio: sound.from(offset) });
      }
    }
  } finally {
    await sound.close();
  }
}

/** Where the session can be taken up; null where it cannot, or not any more. */
async function findOffset(
  daemon: Daemon,
  jobId: string,
  nextPauseMs: () => number | undefined,
): Promise<number | null> {
  for (let pauseMs = nextPauseMs(); pauseMs !== undefined; pauseMs = nextPauseMs()) {
    await delay(pauseMs, undefined, { signal: daemon.signal }).catch(() => undefined);
    if (daemon.signal?.aborted) return null;
    try {
      const { state, receivedBytes = null } = await getJob(daemon, jobId);
      return state === 'queued' || state === 'running' ? receivedBytes : null;
    } catch (error) {
      if (!isBroken(error) && codeOf(error) !== 'DAEMON_UNREACHABLE') throw error;
    }
  }
  return null;
}

/** The old connection may still have the session for a moment. */
function isBroken(error: unknown): boolean {
  return codeOf(error) === 'CONNECTION_LOST' || codeOf(error) === 'REQUEST_INVALID';
}

function codeOf(error: unknown): string | null {
  return error instanceof HearthError ? error.code : null;
}
