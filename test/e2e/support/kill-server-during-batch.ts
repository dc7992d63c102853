import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { getTranscript, searchHistory } from '../../../daemon/src/client/history.ts';
import { getJob, listJobs } from '../../../daemon/src/client/jobs.ts';
import { submitJob } from '../../../daemon/src/client/transcriptions.ts';
import { type Clip, clipOptions, readClips } from './clips.ts';
import { makeHome, type RunningDaemon, startDaemon } from './start-daemon.ts';

export interface BatchRequest {
  readonly jobs: number;
  readonly kills: number;
  /** Each daemon lives at most so long after it answers. */
  readonly longestLifeMs: number;
  readonly random: () => number;
}

export interface BatchOutcome {
  readonly kills: number;
  /** Jobs that are done with the text of an undisturbed daemon. */
  readonly right: number;
  readonly wrong: readonly string[];
  /** Entries of the history that are not the one of their job. */
  readonly superfluousInHistory: number;
  readonly spooled: number;
  readonly seconds: number;
}

interface Accepted {
  readonly id: string;
  readonly clip: Clip;
}

/** Kills the server process at random points of a batch of detached jobs and starts it again each time. */
export async function killServerDuringBatch(request: BatchRequest): Promise<BatchOutcome> {
  const { jobs, kills, longestLifeMs, random } = request;
  const home = await makeHome();
  let daemon = await startDaemon({ home });
  try {
    const clips = await readClips(daemon, jobs);
    const accepted: Accepted[] = [];
    for (let index = 0; index < jobs; index++) {
      const clip = clips[index % clips.length] as Clip;
      const { id } = await submitJob(daemon, {
        audio: createReadStream(clip.path),
        byteCount: null,
        name: `${index}-${clip.name}`,
        options: clipOptions,
      });
      accepted.push({ id, clip });
    }
    const startedAt = performance.now();
    let killed = 0;
    while (killed < kills && !(await haveAllEnded(daemon, accepted))) {
      await delay(random() * longestLifeMs);
      daemon.child.kill('SIGKILL');
      await once(daemon.child, 'exit');
      killed++;
      daemon = await startDaemon({ home });
    }
    while (!(await haveAllEnded(daemon, accepted))) await delay(100);
    const seconds = (performance.now() - startedAt) / 1000;
    const states = await Promise.all(accepted.map((each) => judge(daemon, each)));
    const { entries, total } = await searchHistory(daemon);
    const ids = new Set(accepted.map(({ id }) => id));
    const own = new Set(entries.filter(({ id }) => ids.has(id)).map(({ id }) => id));
    const spooled = (await readdir(`${home}/spool`)).length;
    const wrong = states.filter((state) => state !== null);
    return {
      kills: killed,
      right: jobs - wrong.length,
      wrong,
      superfluousInHistory: total - own.size,
      spooled,
      seconds,
    };
  } finally {
    await daemon.stop();
  }
}

async function haveAllEnded(daemon: RunningDaemon, accepted: readonly Accepted[]): Promise<boolean> {
  const jobs = await listJobs(daemon);
  const ended = new Set(jobs.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  return accepted.every(({ id }) => ended.has(id));
}

/** Null for a job that is done with the right text, and in the history once; else what is wrong with it. */
async function judge(daemon: RunningDaemon, { id, clip }: Accepted): Promise<string | null> {
  const { state, result } = await getJob(daemon, id);
  const kept = await getTranscript(daemon, id).then(
    ({ result: { text } }) => text,
    ({ message }: Error) => message,
  );
  if (state === 'done' && result?.text === clip.text && kept === clip.text) return null;
  return `${clip.name}: ${state}, ${JSON.stringify(result?.text)}, kept ${JSON.stringify(kept)}`;
}
