import type { Job, JobPriority } from './job.ts';

/** Jobs that wait for the engine: interactive before bulk, and in each class one client after the other. */
export interface WaitingJobs {
  readonly size: number;
  countOf(client: string): number;
  add(job: Job): void;
  /** Puts a job that was taken back before all others of its class. */
  putBack(job: Job): void;
  remove(job: Job): void;
  /** Takes the next job of a class. */
  take(priority: JobPriority): Job | undefined;
  /** All of them, in the order in which they would be taken. */
  inOrder(): readonly Job[];
}

const rememberedClients = 1000;

/** When each client last had its turn; one that never had goes first. */
type Turns = Map<string, number>;

export function createWaitingJobs(): WaitingJobs {
  let jobs: Job[] = [];
  const putBack = new Set<Job>();
  const turns: Turns = new Map();
  let turn = 0;

  function take(priority: JobPriority): Job | undefined {
    const job = nextOf(jobs, { priority, putBack, turns });
    if (job === undefined) return undefined;
    remove(job);
    turns.delete(job.client);
    turns.set(job.client, ++turn);
    const [longestAgo = ''] = turns.keys();
    if (turns.size > rememberedClients) turns.delete(longestAgo);
    return job;
  }

  function remove(job: Job): void {
    jobs = jobs.filter((each) => each !== job);
    putBack.delete(job);
  }

  return {
    get size() {
      return jobs.length;
    },
    countOf: (client) => jobs.filter((job) => job.client === client).length,
    add(job) {
      jobs.push(job);
    },
    putBack(job) {
      jobs.unshift(job);
      putBack.add(job);
    },
    remove,
    take,
    inOrder() {
      const imagined = { left: jobs, turns: new Map(turns), turn };
      return [...inOrderOf('interactive', imagined, putBack), ...inOrderOf('bulk', imagined, putBack)];
    },
  };
}

interface Choice {
  readonly priority: JobPriority;
  readonly putBack: ReadonlySet<Job>;
  readonly turns: Turns;
}

function nextOf(jobs: readonly Job[], { priority, putBack, turns }: Choice): Job | undefined {
  let next: Job | undefined;
  for (const job of jobs) {
    if (job.priority !== priority) continue;
    if (putBack.has(job)) return job;
    if (next === undefined || turnOf(job, turns) < turnOf(next, turns)) next = job;
  }
  return next;
}

function turnOf(job: Job, turns: Turns): number {
  return turns.get(job.client) ?? 0;
}

function* inOrderOf(
  priority: JobPriority,
  imagined: { left: readonly Job[]; turns: Turns; turn: number },
  putBack: ReadonlySet<Job>,
): Generator<Job> {
  for (;;) {
    const job = nextOf(imagined.left, { priority, putBack, turns: imagined.turns });
    if (job === undefined) return;
    imagined.left = imagined.left.filter((each) => each !== job);
    imagined.turns.set(job.client, ++imagined.turn);
    yield job;
  }
}
