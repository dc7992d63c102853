import { createHeap } from './heap.ts';
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
  readonly name: string;
  /** When it last had its turn; 0 for one that never had, or so long ago that nobody remembers. */
  readonly turn: number;
  /** When it last began to wait: among clients of one turn the first goes first. */
  readonly arrival: number;
  readonly jobs: Set<Job>;
  /** Goes through `jobs` as they are taken: to look for the first anew would pass all that were taken before. */
  readonly first: Iterator<Job>;
  newest: Job | null;
}

export function createFairQueue(): FairQueue {
  /** The client whose turn is next; of those without jobs some are still in it. */
  const line = createHeap(goesBefore);
  const clients = new Map<string, Client>();
  const lastTurns = new Map<string, number>();
  const before: Job[] = [];
  let size = 0;
  let turns = 0;
  let arrivals = 0;

  function clientOf(name: string): Client {
    const known = clients.get(name);
    if (known !== undefined) return known;
    const jobs = new Set<Job>();
    const turn = lastTurns.get(name) ?? 0;
    const client: Client = { name, turn, arrival: ++arrivals, jobs, first: jobs.values(), newest: null };
    clients.set(name, client);
    line.add(client);
    return client;
  }

  function nextClient(): Client | undefined {
    for (;;) {
      const client = line.first();
      if (client === undefined || client.jobs.size > 0) return client;
      line.removeFirst();
    }
  }

  function leave(client: Client): void {
    clients.delete(client.name);
    // Who comes and goes without a turn would fill it.
    if (line.size > 2 * clients.size + 100) line.refill(clients.values());
  }

  function rememberTurn(name: string): void {
    lastTurns.delete(name);
    lastTurns.set(name, ++turns);
    const [longestAgo = ''] = lastTurns.keys();
    if (lastTurns.size > rememberedClients) lastTurns.delete(longestAgo);
  }

  /** To the end of the line, its jobs with it. */
  function moveBack(client: Client): void {
    const moved = { ...client, turn: turns, arrival: ++arrivals };
    clients.set(client.name, moved);
    line.add(moved);
  }

  return {
    get size() {
      return size;
    },
    countOf(name) {
      const back = before.length === 0 ? 0 : before.filter(({ client }) => client === name).length;
      return (clients.get(name)?.jobs.size ?? 0) + back;
    },
    add(job) {
      const client = clientOf(job.client);
      client.jobs.add(job);
      client.newest = job;
      size++;
    },
    putBack(job) {
      before.push(job);
      size++;
    },
    remove(job) {
      const client = clients.get(job.client);
      const place = before.indexOf(job);
      if (place >= 0) before.splice(place, 1);
      else if (client?.jobs.delete(job) !== true) return;
      else if (client.jobs.size === 0) leave(client);
      size--;
    },
    take() {
      const back = before.shift();
      const client = nextClient();
      const job = back ?? (client?.first.next().value as Job | undefined);
      if (job === undefined) return undefined;
      size--;
      // It has had its turn.
      if (back !== undefined || client === undefined) return job;
      rememberTurn(job.client);
      client.jobs.delete(job);
      line.removeFirst();
      if (client.jobs.size === 0) leave(client);
      else moveBack(client);
      return job;
    },
    positionOf(job) {
      const back = before.indexOf(job);
      if (back >= 0) return back;
      const own = clients.get(job.client);
      if (own?.jobs.has(job) !== true) return null;
      const round = roundOf(job, own);
      let position = before.length;
      for (const client of clients.values()) {
        position += Math.min(client.jobs.size, goesBefore(client, own) ? round + 1 : round);
      }
      return position;
    },
    inOrder() {
      const rounds: Job[][] = [];
      for (const { jobs } of [...clients.values()].sort(byTurn)) {
        let round = 0;
        for (const job of jobs) {
          rounds[round] ??= [];
          rounds[round++]?.push(job);
        }
      }
      return [...before, ...rounds.flat()];
    },
  };
}

/** How often its client has its turn before it. The newest is asked for each time that one is added. */
function roundOf(job: Job, { jobs, newest }: Client): number {
  return job === newest ? jobs.size - 1 : [...jobs].indexOf(job);
}

function byTurn(a: Client, b: Client): number {
  return a.turn === b.turn ? a.arrival - b.arrival : a.turn - b.turn;
}

function goesBefore(a: Client, b: Client): boolean {
  return byTurn(a, b) < 0;
}
