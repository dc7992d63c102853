import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type HomeLock, takeHomeLock } from '../../../../daemon/src/server/life/home-lock.ts';
import { type HomePaths, homePaths } from '../../../../daemon/src/settings/home-paths.ts';
import { readLockHolder } from '../../../../daemon/src/settings/lock-holder.ts';

let paths: HomePaths;
const locks: HomeLock[] = [];
let server: Server | null = null;

beforeEach(async () => {
  paths = homePaths({ HEARTH_HOME: await mkdtemp(join(tmpdir(), 'hearth-lock-')) });
});

afterEach(async () => {
  for (const lock of locks.splice(0)) lock.release();
  server?.close();
  server = null;
  await rm(paths.home, { recursive: true });
});

async function take(): Promise<HomeLock> {
  const lock = (await takeHomeLock({ paths, polls: 1 })) as HomeLock;
  locks.push(lock);
  return lock;
}

test('a home that is taken is refused to others, with the process that has it', async () => {
  await take();
  expect((await readdir(paths.home)).sort()).toEqual(['daemon.lock', 'daemon.pid', 'owner.sqlite']);
  expect(await readFile(paths.processIdFile, 'utf8')).toBe(`${process.pid}\n`);
  expect(readLockHolder(paths)).toEqual({ processId: process.pid });
  await expect(takeHomeLock({ paths, polls: 2 })).rejects.toMatchObject({
    code: 'HOME_IN_USE',
    message: `Process ${process.pid} uses ${paths.home} and does not answer.`,
  });
});

test('who waits for a home gets it when its holder is gone', async () => {
  const first = await take();
  const waits = Promise.withResolvers<number | null>();
  const second = takeHomeLock({ paths, onWait: waits.resolve });
  expect(await waits.promise).toBe(process.pid);
  locks.splice(0);
  first.release();
  locks.push((await second) as HomeLock);
  expect(readLockHolder(paths)).toEqual({ processId: process.pid });
});

test('who waits for a home is patient as long as its holder gives signs, and no longer', async () => {
  const holder = (await takeHomeLock({ paths, polls: 1, signEveryMs: 2 })) as HomeLock;
  locks.push(holder);
  const waits = Promise.withResolvers<void>();
  const outcome = takeHomeLock({ paths, polls: 2, onWait: () => waits.resolve() }).then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );
  await waits.promise;
  // More signs than two polls last.
  const signs = new Set<number>();
  while (signs.size < 100) {
    signs.add((await stat(paths.processIdFile)).mtimeMs);
    expect(await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 1, 'waits'))])).toBe('waits');
  }
  holder.giveSigns(false);
  expect(await outcome).toBe('HOME_IN_USE');
});

test('who waits for a home leaves when its holder answers', async () => {
  await take();
  const waits = Promise.withResolvers<void>();
  const second = takeHomeLock({ paths, onWait: () => waits.resolve() });
  await waits.promise;
  server = createServer().listen(paths.socket);
  expect(await second).toBeNull();
});

test('a daemon that answers without a lock, as of version 0.1, is left alone', async () => {
  server = createServer();
  await new Promise<void>((resolve) => server?.listen(paths.socket, resolve));
  expect(await takeHomeLock({ paths, polls: 1 })).toBeNull();
  expect(readLockHolder(paths)).toBeNull();
});

test.each([
  ['a folder', () => mkdir(paths.lockFile)],
  ['a file of another program', () => writeFile(paths.lockFile, 'x'.repeat(5000))],
])('%s in the place of the lock is told and kept', async (_, put) => {
  await put();
  await expect(takeHomeLock({ paths, polls: 1 })).rejects.toMatchObject({
    code: 'HOME_NOT_WRITABLE',
    hint: expect.stringContaining('Move it away'),
  });
  expect(readLockHolder(paths)).toBeNull();
  expect((await readdir(paths.home)).sort()).toEqual(['daemon.lock', 'owner.sqlite']);
});

test('a home without a lock has no holder, whatever the file with the process says', async () => {
  await writeFile(paths.processIdFile, '1\n');
  expect(readLockHolder(paths)).toBeNull();
  (await take()).release();
  locks.splice(0);
  expect(readLockHolder(paths)).toBeNull();
});

test('the holder is known to be there also where it could not write down who it is', async () => {
  await mkdir(paths.processIdFile);
  await take();
  expect(readLockHolder(paths)).toEqual({ processId: null });
});

test.each([
  ['deleted', () => rm(paths.lockFile)],
  [
    'replaced by another file',
    async () => {
      await rm(paths.lockFile);
      await writeFile(paths.lockFile, '');
    },
  ],
])('a lock that is %s is made again, and keeps others out', async (_, change) => {
  const lock = await take();
  expect(lock.keep()).toBe('kept');
  await change();
  expect([lock.keep(), lock.keep()]).toEqual(['locked anew', 'kept']);
  expect(readLockHolder(paths)).toEqual({ processId: process.pid });
  await expect(takeHomeLock({ paths, polls: 1 })).rejects.toMatchObject({ code: 'HOME_IN_USE' });
});

test('a lock that another process has by now is not taken from it, and a file that is no lock is told', async () => {
  const lock = await take();
  for (const file of [paths.lockFile, paths.ownerFile]) await rm(file);
  const other = await take();
  expect(lock.keep()).toBe('taken');
  other.release();
  locks.pop();
  expect(lock.keep()).toBe('locked anew');
  await rm(paths.lockFile);
  await writeFile(paths.lockFile, 'shopping list'.repeat(100));
  expect(() => lock.keep()).toThrow(expect.objectContaining({ code: 'HOME_NOT_WRITABLE' }));
  await expect(takeHomeLock({ paths, polls: 1 })).rejects.toMatchObject({ code: 'HOME_IN_USE' });
  expect(await readFile(paths.lockFile, 'utf8')).toContain('shopping list');
});

test('who deletes the lock of a daemon and what tells of its process lets no other in', async () => {
  const lock = await take();
  for (const file of [paths.lockFile, paths.processIdFile]) await rm(file);
  await expect(takeHomeLock({ paths, polls: 2 })).rejects.toMatchObject({ code: 'HOME_IN_USE' });
  expect(lock.keep()).toBe('locked anew');
  expect(readLockHolder(paths)).toEqual({ processId: null });
});

test('a file of somebody else that has the name of the process id, as its second name, stays as it is', async () => {
  const own = join(paths.home, 'mine.txt');
  await writeFile(own, 'important');
  await link(own, paths.processIdFile);
  const lock = await takeHomeLock({ paths, polls: 1 });
  expect(await readFile(own, 'utf8')).toBe('important');
  expect(await readFile(paths.processIdFile, 'utf8')).toBe(`${process.pid}\n`);
  lock?.release();
});
