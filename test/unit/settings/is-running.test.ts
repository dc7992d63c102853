import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { isRunning } from '../../../daemon/src/settings/is-running.ts';

test('a process is running until it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  expect(isRunning(child.pid as number)).toBe(true);
  child.stdin?.end();
  await once(child, 'close');
  expect(isRunning(child.pid as number)).toBe(false);
});

test('the first process of the machine runs, whoever it belongs to', () => {
  expect(isRunning(1)).toBe(true);
});

(process.platform === 'linux' ? test : test.skip)(
  'one that has ended and that nobody has waited for does not run',
  async () => {
    // The shell becomes a program that never waits for its child.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [told] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const processId = Number(String(told));
    while (isRunning(processId));
    parent.kill();
    await once(parent, 'close');
    expect(isRunning(processId)).toBe(false);
  },
);
