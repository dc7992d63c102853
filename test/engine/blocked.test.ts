import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pathOf } from './fork-engine.ts';

let folder: string;
let pipe: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-blocked-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});

afterEach(() => rm(folder, { recursive: true }));

function start(role: 'exit' | 'parent') {
  return spawn(process.execPath, [pathOf('test/engine/blocked.mjs'), role, pipe], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('an exit does not wait for ever for a thread that is blocked', async () => {
  const child = start('exit');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});

test('a process whose parent is killed ends, though all of it is blocked', async () => {
  const parent = start('parent');
  // The child has the same standard output, which ends with the last process that has it.
  const closed = once(parent.stdout, 'close');
  await once(parent.stdout, 'data');
  parent.kill('SIGKILL');
  parent.stdout.resume();
  await closed;
});
