import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withLock } from '../../../setup/lock.mjs';

const lockModule = new URL('../../../setup/lock.mjs', import.meta.url).href;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-lock-'));
  path = join(folder, 'state', 'lock');
});

afterEach(() => rm(folder, { recursive: true }));

/** A process that says when it waits and when it holds the lock, and lets go when its input ends. */
function holder(): { child: ChildProcess; lines: AsyncIterator<string> } {
  const script = `
    import { withLock } from '${lockModule}';
    await withLock({
      path: process.argv[1],
      onWait: (holder) => console.log('waits for ' + holder),
      work: async () => { console.log('holds'); for await (const _ of process.stdin); console.log('lets go'); },
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path]);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

test('a second process is told who holds the lock, waits, and follows', async () => {
  const first = holder();
  expect((await first.lines.next()).value).toBe('holds');
  const second = holder();
  expect((await second.lines.next()).value).toBe(`waits for ${first.child.pid}`);
  first.child.stdin?.end();
  expect((await first.lines.next()).value).toBe('lets go');
  expect((await second.lines.next()).value).toBe('holds');
  second.child.stdin?.end();
  await once(second.child, 'close');
  expect(await readdir(join(folder, 'state'))).toEqual([]);
});

test('a lock whose holder is dead is taken over', async () => {
  const first = holder();
  await first.lines.next();
  first.child.kill('SIGKILL');
  await once(first.child, 'close');
  expect(await readdir(join(folder, 'state'))).toEqual(['lock']);

  const answer = await withLock({ path, onWait: () => {}, work: async () => 'done' });
  expect(answer).toBe('done');
  expect(await readdir(join(folder, 'state'))).toEqual([]);
});

test('a failure lets go of the lock', async () => {
  const failing = withLock({ path, onWait: () => {}, work: async () => Promise.reject(new Error('no compiler')) });
  await expect(failing).rejects.toThrow('no compiler');
  expect(await readdir(join(folder, 'state'))).toEqual([]);
});
