import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFairQueue, type FairQueue } from '../../../../daemon/src/server/jobs/fair-queue.ts';
import type { Job } from '../../../../daemon/src/server/jobs/job.ts';
import { newJob } from '../../../../daemon/src/server/jobs/new-job.ts';

let count = 0;

function jobOf(client: string): Job {
  return newJob({
    ...{ id: String(count++), client, createdAt: new Date(0), audioPath: '/a', uploaded: false, name: null },
    ...{ modelFolder: '/m', options: {}, priority: 'bulk', detached: true, kept: true },
  });
}

function takeAll(queue: FairQueue): readonly Job[] {
  const taken: Job[] = [];
  for (let job = queue.take(); job !== undefined; job = queue.take()) taken.push(job);
  return taken;
}

/** The rule by itself, as slow as it likes: whose client has waited longest for a turn, and among those the first client. */
function createSimpleQueue() {
  let jobs: Job[] = [];
  const turns = new Map<string, number>();
  const arrivals = new Map<string, number>();
  let turn = 0;
  let arrival = 0;
  const turnOf = ({ client }: Job) => turns.get(client) ?? 0;
  const arrivalOf = ({ client }: Job) => arrivals.get(client) ?? 0;
  return {
    add(job: Job) {
      if (!jobs.some(({ client }) => client === job.client)) arrivals.set(job.client, ++arrival);
      jobs.push(job);
    },
    remove(job: Job) {
      jobs = jobs.filter((each) => each !== job);
    },
    take() {
      const job = jobs.toSorted((a, b) => turnOf(a) - turnOf(b) || arrivalOf(a) - arrivalOf(b))[0];
      if (job === undefined) return undefined;
      this.remove(job);
      turns.set(job.client, ++turn);
      return job;
    },
  };
}

test('jobs are taken by the rule, whatever comes and goes, and every position is told rightly', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('add' as const), client: fc.constantFrom('a', 'b', 'c', 'd') }),
    fc.record({ type: fc.constant('take' as const) }),
    fc.record({ type: fc.constant('remove' as const), place: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [queue, simple] = [createFairQueue(), createSimpleQueue()];
      for (const each of steps) {
        if (each.type === 'add') {
          const job = jobOf(each.client);
          queue.add(job);
          simple.add(job);
        } else if (each.type === 'take') expect(queue.take()).toBe(simple.take());
        else {
          const order = queue.inOrder();
          const job = order[each.place % Math.max(1, order.length)];
          if (job === undefined) continue;
          queue.remove(job);
          simple.remove(job);
          expect(queue.positionOf(job)).toBe(null);
        }
        const order = queue.inOrder();
        expect(order.map((job) => queue.positionOf(job))).toEqual(order.map((_, place) => place));
        expect(queue.size).toBe(order.length);
      }
      const order = queue.inOrder();
      expect(takeAll(queue)).toEqual(order);
    }),
  );
});

test('what was put back goes first and is no second turn of its client', () => {
  const queue = createFairQueue();
  const [a1, a2, b1] = [jobOf('a'), jobOf('a'), jobOf('b')];
  for (const job of [a1, a2, b1]) queue.add(job);
  expect(queue.take()).toBe(a1);
  queue.putBack(a1);
  expect([queue.size, queue.countOf('a'), queue.positionOf(a1), queue.positionOf(b1)]).toEqual([3, 2, 0, 1]);
  expect(queue.inOrder()).toEqual([a1, b1, a2]);
  expect(takeAll(queue)).toEqual([a1, b1, a2]);
  for (const job of [b1, a1, a2]) queue.putBack(job);
  expect([b1, a1, a2].map((job) => queue.positionOf(job))).toEqual([0, 1, 2]);
  expect(queue.inOrder()).toEqual([b1, a1, a2]);
  expect(takeAll(queue)).toEqual([b1, a1, a2]);
  queue.putBack(a1);
  queue.remove(a1);
  expect([queue.size, queue.take()]).toEqual([0, undefined]);
});

test.each([
  ['one client', () => 'a'],
  ['a hundred clients', (index: number) => String(index % 100)],
  ['as many clients as jobs', (index: number) => String(index)],
])('5,000 jobs of %s are added, looked at and taken in their order', (_, clientOf) => {
  const queue = createFairQueue();
  for (let index = 0; index < 5_000; index++) queue.add(jobOf(clientOf(index)));
  const order = queue.inOrder();
  expect(order).toHaveLength(5_000);
  expect(queue.positionOf(order.at(-1) as Job)).toBe(4_999);
  for (const job of order.slice(2_500, 3_800)) queue.remove(job);
  expect(takeAll(queue)).toEqual([...order.slice(0, 2_500), ...order.slice(3_800)]);
  expect(queue.size).toBe(0);
});
