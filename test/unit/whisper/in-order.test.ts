import { expect, test } from '@jest/globals';
import { inOrder, type Part } from '../../../daemon/src/whisper/in-order.ts';

/** Parts that end when they are told to, and what has happened to them. */
function createParts(count: number) {
  const begun: number[] = [];
  const gates = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const parts: Part<string>[] = gates.map(
    ({ promise }, i) =>
      async function* () {
        begun.push(i);
        yield `${i} begins`;
        await promise;
        yield `${i} ends`;
      },
  );
  return {
    parts,
    begun,
    end: (i: number) => gates[i]?.resolve(),
    fail: (i: number) => gates[i]?.reject(new Error(`${i} failed`)),
  };
}

/** As they come, though all are there. */
async function* coming(parts: readonly Part<string>[]): AsyncGenerator<Part<string>, void> {
  yield* parts;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function all(events: AsyncGenerator<string, void>): Promise<string[]> {
  const found: string[] = [];
  for await (const event of events) found.push(event);
  return found;
}

test('events come in the order of the parts, whichever ends first', async () => {
  const { parts, end } = createParts(3);
  const events = all(inOrder(coming(parts), 3));
  for (const i of [2, 0, 1]) end(i);
  expect(await events).toEqual(['0 begins', '0 ends', '1 begins', '1 ends', '2 begins', '2 ends']);
});

test('events of the first part come while it goes on', async () => {
  const { parts, end } = createParts(2);
  const events = inOrder(coming(parts), 2);
  expect((await events.next()).value).toBe('0 begins');
  for (const i of [0, 1]) end(i);
  expect(await all(events)).toEqual(['0 ends', '1 begins', '1 ends']);
});

test('no more parts run at a time than are wanted, and one that ends makes room for the next', async () => {
  const { parts, begun, end } = createParts(4);
  const events = all(inOrder(coming(parts), 2));
  await settled();
  expect(begun).toEqual([0, 1]);
  end(1);
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  for (const i of [0, 2, 3]) end(i);
  expect(await events).toHaveLength(8);
});

test('one at a time, a part goes on only when its last event was taken', async () => {
  const { parts, begun, end } = createParts(2);
  const events = inOrder(coming(parts), 1);
  expect((await events.next()).value).toBe('0 begins');
  end(0);
  await settled();
  expect(begun).toEqual([0]);
  expect((await events.next()).value).toBe('0 ends');
  expect((await events.next()).value).toBe('1 begins');
  await events.return();
});

test('a part begins when it comes, and what was there before it goes on', async () => {
  const { parts, begun, end } = createParts(3);
  const comes = Promise.withResolvers<void>();
  async function* slowly(): AsyncGenerator<Part<string>, void> {
    yield parts[0] as Part<string>;
    await comes.promise;
    yield* parts.slice(1);
  }
  const events = inOrder(slowly(), 3);
  expect((await events.next()).value).toBe('0 begins');
  end(0);
  expect((await events.next()).value).toBe('0 ends');
  expect(begun).toEqual([0]);
  comes.resolve();
  for (const i of [1, 2]) end(i);
  expect(await all(events)).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
});

test('parts that cannot be found any more fail all', async () => {
  const { parts, end } = createParts(1);
  async function* breaking(): AsyncGenerator<Part<string>, void> {
    yield* parts;
    throw new Error('no more parts');
  }
  end(0);
  await expect(all(inOrder(breaking(), 2))).rejects.toThrow('no more parts');
});

test('a part that fails fails them all at once; nothing else begins, and what has begun ends at its next event', async () => {
  const { parts, begun, end, fail } = createParts(4);
  const found: string[] = [];
  const events = inOrder(coming(parts), 2);
  const failed = (async () => {
    for await (const event of events) found.push(event);
  })();
  fail(1);
  await settled();
  end(0);
  await expect(failed).rejects.toThrow('1 failed');
  expect(found).toEqual(['0 begins']);
  expect(begun).toEqual([0, 1]);
});

test('whoever leaves waits for what has begun', async () => {
  const { parts, begun, end } = createParts(4);
  const events = inOrder(coming(parts), 2);
  end(0);
  await events.next();
  const left = events.return();
  let hasLeft = false;
  void left.then(() => {
    hasLeft = true;
  });
  await settled();
  expect(hasLeft).toBe(false);
  for (const i of begun) end(i);
  await left;
  expect(begun.length).toBeLessThan(4);
});
