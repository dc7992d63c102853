import { expect, test } from '@jest/globals';
import { inOrder } from '../../../daemon/src/engine/in-order.ts';

interface Gate {
  readonly open: () => void;
  readonly passed: Promise<void>;
}

function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, passed: promise };
}

/** Runs that wait for their gates, and what started and ended. */
function scripted(count: number) {
  const gates = Array.from({ length: count }, gate);
  const log: string[] = [];
  const runs = gates.map(
    (each, index) =>
      async function* run(): AsyncGenerator<string, void> {
        log.push(`start ${index}`);
        try {
          yield `${index} first`;
          await each.passed;
          yield `${index} last`;
        } finally {
          log.push(`end ${index}`);
        }
      },
  );
  return { gates, log, runs };
}

async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

test('events come in the order of the runs, whichever ends first', async () => {
  const { gates, runs } = scripted(3);
  for (const index of [2, 1, 0]) gates[index]?.open();
  const events: string[] = [];
  for await (const event of inOrder(runs, 3)) events.push(event);
  expect(events).toEqual(['0 first', '0 last', '1 first', '1 last', '2 first', '2 last']);
});

test('the first run is heard while it goes on', async () => {
  const { gates, runs } = scripted(2);
  const events = inOrder(runs, 2);
  expect((await events.next()).value).toBe('0 first');
  gates[0]?.open();
  expect((await events.next()).value).toBe('0 last');
  gates[1]?.open();
  await events.return();
});

test('no more than the limit run at once, and the next starts when one ends', async () => {
  const { gates, log, runs } = scripted(4);
  const events = inOrder(runs, 2);
  await events.next();
  await turns();
  expect(log).toEqual(['start 0', 'start 1']);
  gates[1]?.open();
  await turns();
  expect(log).toEqual(['start 0', 'start 1', 'end 1', 'start 2']);
  for (const each of gates) each.open();
  const rest: string[] = [];
  for await (const event of events) rest.push(event);
  expect(rest.at(-1)).toBe('3 last');
});

test('a run that fails ends the others before the failure is told', async () => {
  const { gates, log, runs } = scripted(2);
  async function* failing(): AsyncGenerator<string, void> {
    yield '2 first';
    throw new Error('broken');
  }
  const events = inOrder([...runs, failing], 3);
  await events.next();
  const failure = events.next();
  await turns();
  for (const each of gates) each.open();
  await expect(failure).rejects.toThrow('broken');
  expect(log.filter((line) => line.startsWith('end'))).toHaveLength(2);
});

test('who leaves ends all runs', async () => {
  const { gates, log, runs } = scripted(3);
  const events = inOrder(runs, 2);
  await events.next();
  for (const each of gates) each.open();
  await events.return();
  expect(log).toEqual(expect.arrayContaining(['end 0', 'end 1']));
  expect(log).not.toContain('start 2');
});
