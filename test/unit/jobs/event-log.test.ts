import { expect, test } from '@jest/globals';
import { createEventLog, type EventLog } from '../../../daemon/src/jobs/event-log.ts';

async function typesOf(log: EventLog, from = 0): Promise<string[]> {
  const types: string[] = [];
  for await (const event of log.follow(from)) types.push(`${event.seq} ${event.type}`);
  return types;
}

test('a follower hears what was and what comes, to the last event', async () => {
  const log = createEventLog('job');
  log.append({ type: 'job-queued', position: 0 });
  const heard = typesOf(log);
  log.append({ type: 'job-started' });
  log.append({ type: 'job-cancelled' });
  expect(await heard).toEqual(['0 job-queued', '1 job-started', '2 job-cancelled']);
});

test('a follower can begin at any number', async () => {
  const log = createEventLog('job');
  log.append({ type: 'job-queued', position: 0 });
  log.append({ type: 'job-started' });
  log.append({ type: 'job-cancelled' });
  expect(await typesOf(log, 2)).toEqual(['2 job-cancelled']);
  expect(await typesOf(log, 9)).toEqual([]);
});

test('a follower that reads nothing holds up nobody', async () => {
  const log = createEventLog('job');
  const idle = log.follow(0);
  const heard = typesOf(log);
  for (let i = 0; i < 1000; i++) log.append({ type: 'job-started' });
  log.append({ type: 'job-cancelled' });
  expect(await heard).toHaveLength(1001);
  expect((await idle.next()).value).toMatchObject({ seq: 0 });
});
