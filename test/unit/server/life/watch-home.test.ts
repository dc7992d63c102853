import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Claim } from '../../../../daemon/src/server/life/keep-lock.ts';
import { watchHome } from '../../../../daemon/src/server/life/watch-home.ts';

let folder: string;
let home: string;
let claimed: Claim;
let socket: string;

const unreachable = jest.fn();

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  folder = await mkdtemp(join(tmpdir(), 'hearth-watch-'));
  home = join(folder, 'home');
  claimed = 'ours';
  socket = join(home, 'hearth.sock');
  unreachable.mockClear();
  await mkdir(home);
  await writeFile(socket, '');
});

afterEach(async () => {
  jest.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['deleted', () => rm(home, { recursive: true })],
  ['moved', () => rename(home, join(folder, 'elsewhere'))],
  [
    'locked by another process',
    async () => {
      claimed = 'lost';
    },
  ],
  [
    'replaced by another one',
    async () => {
      await rename(home, join(folder, 'elsewhere'));
      await mkdir(home);
    },
  ],
])('a home that is %s is told once', async (_, change) => {
  const onGone = jest.fn();
  watchHome({ home, claim: () => claimed, socket, onGone, onUnreachable: unreachable, everyMs: 10 });
  jest.advanceTimersByTime(50);
  expect(onGone).not.toHaveBeenCalled();
  await change();
  jest.advanceTimersByTime(50);
  expect(onGone).toHaveBeenCalledTimes(1);
});

test('who has stopped watching is told nothing', async () => {
  const onGone = jest.fn();
  watchHome({ home, claim: () => claimed, socket, onGone, onUnreachable: unreachable, everyMs: 10 })();
  await rm(home, { recursive: true });
  jest.advanceTimersByTime(50);
  expect(onGone).not.toHaveBeenCalled();
});

test('a home whose socket alone is deleted is told as one that nobody reaches', async () => {
  const onGone = jest.fn();
  watchHome({ home, claim: () => claimed, socket, onGone, onUnreachable: unreachable, everyMs: 10 });
  await rm(socket);
  jest.advanceTimersByTime(50);
  expect([onGone.mock.calls.length, unreachable.mock.calls.length]).toEqual([0, 1]);
});

test('a socket that is deleted while another process may be about to take the home says nothing yet', async () => {
  const onGone = jest.fn();
  const times = { everyMs: 10, unsureEveryMs: 1 };
  watchHome({ home, claim: () => claimed, socket, onGone, onUnreachable: unreachable, ...times });
  claimed = 'unsure';
  await rm(socket);
  jest.advanceTimersByTime(50);
  expect([onGone.mock.calls.length, unreachable.mock.calls.length]).toEqual([0, 0]);
  claimed = 'lost';
  jest.advanceTimersByTime(1);
  expect([onGone.mock.calls.length, unreachable.mock.calls.length]).toEqual([1, 0]);
});
