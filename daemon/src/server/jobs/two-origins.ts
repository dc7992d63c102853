import { createFairQueue, type FairQueue } from './fair-queue.ts';
import type { Job } from './job.ts';

/**
 * Jobs of one class: one from the socket, one from the network, as long as there are both, and within each one client after
 * the other. Clients of the network may call themselves by as many names as they like; they keep the socket waiting for one.
 */
export function createTwoOrigins(): FairQueue {
  const socket = createFairQueue();
  const network = createFairQueue();
  let isNetworkNext = false;

  const queueOf = ({ isFromNetwork }: Job) => (isFromNetwork ? network : socket);

  function order(): readonly [FairQueue, FairQueue] {
    return isNetworkNext ? [network, socket] : [socket, network];
  }

  return {
    get size() {
      return socket.size + network.size;
    },
    countOf: (client) => socket.countOf(client) + network.countOf(client),
    add: (job) => queueOf(job).add(job),
    putBack: (job) => queueOf(job).putBack(job),
    remove: (job) => queueOf(job).remove(job),
    take() {
      const [first, second] = order();
      const job = first.take() ?? second.take();
      if (job !== undefined) isNetworkNext = !job.isFromNetwork;
      return job;
    },
    positionOf(job) {
      const own = queueOf(job);
      const [first] = order();
      const other = own === socket ? network : socket;
      const position = own.positionOf(job);
      return position === null ? null : position + Math.min(other.size, own === first ? position : position + 1);
    },
    inOrder() {
      const [first, second] = order().map((queue) => queue.inOrder()) as [readonly Job[], readonly Job[]];
      const rounds = Math.max(first.length, second.length);
      return Array.from({ length: rounds }, (_, round) => [first[round] ?? [], second[round] ?? []].flat()).flat();
    },
  };
}
