import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Job } from '../../../../daemon/src/server/jobs/job.ts';
import { newJob } from '../../../../daemon/src/server/jobs/new-job.ts';
import { createTwoOrigins } from '../../../../daemon/src/server/jobs/two-origins.ts';

let count = 0;

function jobOf(client: string, isFromNetwork: boolean): Job {
  return newJob({
    ...{ id: String(count++), client, createdAt: new Date(0), audioPath: '/a', uploaded: false, name: null },
    ...{ modelFolder: '/m', options: {}, priority: 'interactive', detached: false, kept: true, isFromNetwork },
  });
}

test('a hundred names of the network keep a client of the socket waiting for one job', () => {
  const queue = createTwoOrigins();
  for (let name = 0; name < 100; name++) queue.add(jobOf(`name ${name}`, true));
  queue.take();
  const own = jobOf('mine', false);
  queue.add(own);
  expect(queue.positionOf(own)).toBe(0);
  queue.take();
  queue.add(jobOf('mine', false));
  expect([queue.take()?.isFromNetwork, queue.take()?.isFromNetwork]).toEqual([true, false]);
});

test('all are taken in the order that is told, and at the positions that are told', () => {
  const step = fc.record({ client: fc.constantFrom('a', 'b', 'c'), isFromNetwork: fc.boolean(), takes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const queue = createTwoOrigins();
      for (const { client, isFromNetwork, takes } of steps) {
        queue.add(jobOf(client, isFromNetwork));
        if (takes) queue.take();
      }
      const told = queue.inOrder();
      expect(told.map((job) => queue.positionOf(job))).toEqual(told.map((_, index) => index));
      expect(queue.size).toBe(told.length);
      for (const job of told) expect(queue.take()).toBe(job);
      expect(queue.take()).toBeUndefined();
    }),
  );
});
