import { expect, test } from '@jest/globals';
import { createEventLog, type EventLog } from '../../../../daemon/src/server/jobs/event-log.ts';

async function typesOf(log: EventLog, from = 0): Promise<string[]> {
  const types: string[] = [];
  for await (const event of log.follow(from))
    types.push('seq' in event ? `${event.seq} ${event.type}` : 'text' in event ? event.text : `${event.progress}`);
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

test('whoever waits for the end alone is told of it', async () => {
  const log = createEventLog('job');
  log.append({ type: 'job-started' });
  log.append({ type: 'job-cancelled' });
  expect(await log.ended).toEqual({ seq: 1, jobId: 'job', type: 'job-cancelled' });
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

test('a follower is shown the text that is being decoded, and nobody who comes later', async () => {
  const log = createEventLog('job');
  log.append({ type: 'job-started' });
  const heard = typesOf(log);
  await nextTurn();
  log.show({ type: 'text-partial', startSeconds: 0, text: 'And so' });
  await nextTurn();
  log.show({ type: 'text-partial', startSeconds: 0, text: 'And so my fellow' });
  await nextTurn();
  log.append({ type: 'job-cancelled' });
  log.show({ type: 'text-partial', startSeconds: 0, text: 'too late' });
  expect(await heard).toEqual(['0 job-started', 'And so', 'And so my fellow', '1 job-cancelled']);
  expect(await typesOf(log)).toEqual(['0 job-started', '1 job-cancelled']);
});

test('a follower that is behind is shown the newest text only', async () => {
  const log = createEventLog('job');
  log.append({ type: 'job-started' });
  const follower = log.follow(0);
  await follower.next();
  for (const text of ['And', 'And so', 'And so my']) log.show({ type: 'text-partial', startSeconds: 0, text });
  expect((await follower.next()).value).toMatchObject({ text: 'And so my' });
  log.show({ type: 'text-partial', startSeconds: 0, text: 'And so my fellow' });
  log.append({ type: 'job-cancelled' });
  expect((await follower.next()).value).toMatchObject({ type: 'job-cancelled' });
});

test('a follower that is gone is let go of, also where nothing happens any more', async () => {
  const log = createEventLog('job');
  const gone = new AbortController();
  const heard = log.follow(0, gone.signal).next();
  await nextTurn();
  gone.abort();
  expect(await heard).toEqual({ done: true, value: undefined });
  expect((await log.follow(0, gone.signal).next()).done).toBe(true);
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
