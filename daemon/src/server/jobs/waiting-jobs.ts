import type { JobPriority } from '../../protocol/job.ts';
import type { Job } from './job.ts';
import { createTwoOrigins } from './two-origins.ts';

/** Jobs that wait for the engine: interactive before bulk, and in each class one client after the other. */
export interface WaitingJobs {
  readonly size: number;
  /** Jobs of a class. */
  sizeOf(priority: JobPriority): number;
  countOf(client: string): number;
  add(job: Job): void;
  /** Puts a job that was taken back before all others of its class, but behind those that were put back before it. */
  putBack(job: Job): void;
  remove(job: Job): void;
  /** Takes the next job of a class. */
  take(priority: JobPriority): Job | undefined;
  /** Jobs that would be taken before one; null for one that does not wait. */
  positionOf(job: Job): number | null;
  /** All of them, in the order in which they would be taken. */
  inOrder(): readonly Job[];
}

export function createWaitingJobs(): WaitingJobs {
  const queues = { interactive: createTwoOrigins(), bulk: createTwoOrigins() };
  const { interactive, bulk } = queues;
  return {
    get size() {
      return interactive.size + bulk.size;
    },
    sizeOf: (priority) => queues[priority].size,
    countOf: (client) => interactive.countOf(client) + bulk.countOf(client),
    add: (job) => queues[job.priority].add(job),
    putBack: (job) => queues[job.priority].putBack(job),
    remove: (job) => queues[job.priority].remove(job),
    take: (priority) => queues[priority].take(),
    positionOf(job) {
      const position = queues[job.priority].positionOf(job);
      return position === null || job.priority === 'interactive' ? position : position + interactive.size;
    },
    inOrder: () => [...interactive.inOrder(), ...bulk.inOrder()],
  };
}
