import type { Job } from './job.ts';

/** Jobs of one class, of which clients have one taken after the other; those of one client in the order they came. */
export interface FairQueue {
  readonly size: number;
  countOf(client: string): number;
  add(job: Job): void;
  /** Puts a job that was taken back before all others, but behind those that were put back before it. */
  putBack(job: Job): void;
  remove(job: Job): void;
  take(): Job | undefined;
  /** Jobs that would be taken before one; null for one that is not here. */
  positionOf(job: Job): number | null;
  inOrder(): readonly Job[];
}

/** Clients without a waiting job whose last turn is remembered. */
const rememberedClients = 1000;

/** A client that has jobs waiting. */
interface Client {
  /** When it last had its turn; 0 for one that never had, or so long ago that nobody remembers. */
  turn: number;
  /** When it began to wait: among clients of one turn the first goes first. */
  readonly arrival: number;
  readonly jobs: Job[];
}

export function createFairQueue(): FairQueue {
  const clients = new Map<string, Client>();
  const lastTurns = new Map<string, number>();
  const before: Job[] = [];
  let turns = 0;
  let arrivals = 0;

  function nextClient(): Client | undefined {
    let next: Client | undefined;
    for (const client of clients.values()) if (next === undefined || byTurn(client, next) < 0) next = client;
    return next;
  }

  function rememberTurn(name: string): number {
    lastTurns.delete(name);
    lastTurns.set(name, ++turns);
    const [longestAgo = ''] = lastTurns.keys();
    if (lastTurns.size > rememberedClients) lastTurns.delete(longestAgo);
    return turns;
  }

  function removeFrom(client: Client, job: Job): void {
    client.jobs.splice(client.jobs.indexOf(job), 1);
    if (client.jobs.length === 0) clients.delete(job.client);
  }

  return {
    get size() {
      return [...clients.values()].reduce((sum, { jobs }) => sum + jobs.length, before.length);
    },
    countOf(name) {
      return (clients.get(name)?.jobs.length ?? 0) + before.filter(({ client }) => client === name).length;
    },
    add(job) {
      const known = clients.get(job.client);
      if (known !== undefined) known.jobs.push(job);
      else clients.set(job.client, { turn: lastTurns.get(job.client) ?? 0, arrival: ++arrivals, jobs: [job] });
    },
    putBack(job) {
      before.push(job);
    },
    remove(job) {
      const client = clients.get(job.client);
      if (before.includes(job)) before.splice(before.indexOf(job), 1);
      else if (client?.jobs.includes(job)) removeFrom(client, job);
    },
    take() {
      // It has had its turn.
      if (before.length > 0) return before.shift();
      const client = nextClient();
      const job = client?.jobs[0];
      if (client === undefined || job === undefined) return undefined;
      client.turn = rememberTurn(job.client);
      removeFrom(client, job);
      return job;
    },
    positionOf(job) {
      const place = before.indexOf(job);
      if (place >= 0) return place;
      const own = clients.get(job.client);
      // How often its client has its turn before it.
      const round = own?.jobs.indexOf(job) ?? -1;
      if (own === undefined || round === -1) return null;
      const others = [...clients.values()].map((client) => {
        return Math.min(client.jobs.length, byTurn(client, own) < 0 ? round + 1 : round);
      });
      return others.reduce((sum, count) => sum + count, before.length);
    },
    inOrder() {
      const inTurn = [...clients.values()].sort(byTurn);
      const rounds = Math.max(0, ...inTurn.map(({ jobs }) => jobs.length));
      const rest = Array.from({ length: rounds }, (_, round) => inTurn.flatMap(({ jobs }) => jobs[round] ?? []));
      return [...before, ...rest.flat()];
    },
  };
}

function byTurn(a: Client, b: Client): number {
  return a.turn === b.turn ? a.arrival - b.arrival : a.turn - b.turn;
}
