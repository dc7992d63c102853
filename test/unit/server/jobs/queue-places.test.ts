import { expect, test } from '@jest/globals';
import type { Job } from '../../../../daemon/src/server/jobs/job.ts';
import { newJob } from '../../../../daemon/src/server/jobs/new-job.ts';
import { createQueuePlaces, type PlaceRequest } from '../../../../daemon/src/server/jobs/queue-places.ts';
import { createWaitingJobs } from '../../../../daemon/src/server/jobs/waiting-jobs.ts';

const limits = { maxQueuedJobs: 20, maxQueuedJobsPerClient: 15 };
const attendedPlaces = 16;

function open() {
  const waiting = createWaitingJobs();
  const places = createQueuePlaces(waiting, attendedPlaces);
  const take = (request: Partial<PlaceRequest>) =>
    places.take({ client: '', isFromNetwork: false, isAttended: false, ...request }, limits);
  /** A job that waits, or the code of what refuses it. */
  const submit = (request: Partial<PlaceRequest>): Job | string => {
    try {
      const place = take(request);
      const job = newJob({
        ...{ id: String(Math.random()), client: request.client ?? '', createdAt: new Date(0), audioPath: '/a' },
        ...{ uploaded: false, name: null, modelFolder: '/m', options: {}, priority: 'interactive', kept: true },
        detached: request.isAttended !== true,
      });
      place.giveTo(job);
      waiting.add(job);
      return job;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  /** How many of so many requests find a place. */
  const submitMany = (count: number, request: (index: number) => Partial<PlaceRequest>) =>
    Array.from({ length: count }, (_, index) => submit(request(index))).filter((job) => typeof job !== 'string').length;
  const run = () => {
    const job = waiting.take('interactive') as Job;
    job.state = 'running';
    return job;
  };
  return { take, submit, submitMany, run };
}

test('invented names fill the queue, and a client that waits on its connection still has a place', () => {
  const { submit, submitMany } = open();
  expect(submitMany(200, (index) => ({ client: `invented-${index}` }))).toBe(20);
  expect(submit({ client: 'late' })).toBe('QUEUE_FULL');
  expect(submit({ client: 'somebody', isAttended: true })).toMatchObject({ client: 'somebody' });
});

test('a client that has filled its part of the queue can still wait for one recording on its connection', () => {
  const { submit, submitMany } = open();
  expect(submitMany(100, () => ({ client: 'cli' }))).toBe(15);
  expect(submit({ client: 'cli', isAttended: true })).toMatchObject({ client: 'cli' });
});

test('one client has an eighth of the places that are kept, and the network half of all', () => {
  const own = open();
  expect(own.submitMany(100, () => ({ client: 'batch', isAttended: true }))).toBe(15 + 2);
  expect(own.submitMany(100, (index) => ({ client: `other-${index}`, isAttended: true }))).toBe(5 + 14);

  const { submitMany } = open();
  const fromNetwork = (index: number) => ({ client: `invented-${index}`, isFromNetwork: true });
  expect(submitMany(100, fromNetwork)).toBe(10);
  expect(submitMany(100, (index) => ({ ...fromNetwork(index), isAttended: true }))).toBe(8);
  expect(submitMany(10, (index) => ({ client: `local-${index}` }))).toBe(10);
  expect(submitMany(100, (index) => ({ client: `local-${index}`, isAttended: true }))).toBe(8);
});

test('places are counted from before a recording is sent until its job leaves the queue', () => {
  const { take, submit, submitMany, run } = open();
  const coming = take({ client: 'slow' });
  expect(submitMany(100, (index) => ({ client: `other-${index}` }))).toBe(19);
  coming.release();
  coming.release();
  expect(submitMany(100, (index) => ({ client: `last-${index}` }))).toBe(1);

  expect(submitMany(100, (index) => ({ client: `attended-${index}`, isAttended: true }))).toBe(attendedPlaces);
  for (let left = 20; left > 0; left--) run();
  // Those that are kept are left now, and take nothing from the queue.
  expect(submit({ client: 'later', isAttended: true })).toMatchObject({ client: 'later' });
  expect(submitMany(100, (index) => ({ client: `more-${index}` }))).toBe(19);
  expect(submit({ client: 'attended', isAttended: true })).toBe('QUEUE_FULL');
  run();
  expect(submit({ client: 'attended', isAttended: true })).toMatchObject({ client: 'attended' });
});
