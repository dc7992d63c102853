import { expect, test } from '@jest/globals';
import { createReach } from '../../../../daemon/src/server/jobs/reach-recording.ts';

test('a disk that does not answer is known by its folder until it does, and keeps no other waiting', async () => {
  const looks: { readonly path: string; readonly answer: () => void }[] = [];
  const look = (path: string) => new Promise<void>((answer) => looks.push({ path, answer }));
  const isReached = createReach({ patienceMs: 20, look });
  expect(await isReached('/net/share/a.wav')).toBe(false);
  expect(await isReached('/net/share/b.wav')).toBe(false);
  expect(await isReached('/home/c.wav')).toBe(true);
  expect(looks.map(({ path }) => path)).toEqual(['/net/share/a.wav']);
  looks[0]?.answer();
  await new Promise((resolve) => setImmediate(resolve));
  const again = isReached('/net/share/b.wav');
  looks[1]?.answer();
  expect(await again).toBe(true);
});

test('a file that is missing is for the engine to tell', async () => {
  expect(await createReach()('/nowhere/a.wav')).toBe(true);
});
