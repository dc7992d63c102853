import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectOrStart } from '../../../daemon/src/client/connect-or-start.ts';
import { readHealth } from '../../../daemon/src/client/health.ts';
import { startDaemon } from '../../../daemon/src/client/start-daemon.ts';
import { stopDaemon } from '../../../daemon/src/client/stop-daemon.ts';

const serverModule = fileURLToPath(new URL('../../stand-ins/server-module.mjs', import.meta.url));

let home: string;
let socketPath: string;
let outputPath: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-start-'));
  socketPath = join(home, 'hearth.sock');
  outputPath = join(home, 'logs', 'output.log');
});

afterEach(async () => {
  await stopDaemon({ socketPath });
  await rm(home, { recursive: true, force: true });
});

test('a started daemon answers, writes where only its user reads, and ends when it is stopped', async () => {
  await startDaemon({ socketPath, outputPath, serverModule });
  const { processId } = await readHealth({ socketPath });
  expect(processId).not.toBe(process.pid);
  expect((await stat(join(home, 'logs'))).mode & 0o777).toBe(0o700);

  expect(await stopDaemon({ socketPath })).toBe(true);
  await expect(readHealth({ socketPath })).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  expect(await stopDaemon({ socketPath })).toBe(false);
});

test('a daemon that runs already is not started again', async () => {
  await startDaemon({ socketPath, outputPath, serverModule });
  const before = await readHealth({ socketPath });
  await connectOrStart({ socketPath, outputPath, serverModule: join(home, 'missing.mjs') });
  expect(await readHealth({ socketPath })).toEqual(before);
});

test('where none runs, one is started', async () => {
  await connectOrStart({ socketPath, outputPath, serverModule });
  expect(existsSync(socketPath)).toBe(true);
});

test('a daemon that ends while starting is told with its exit code and what it said', async () => {
  const failing = join(home, 'failing.mjs');
  await writeFile(failing, "console.error('Expected maxQueuedJobs to be a number.'); process.exit(78);");
  await expect(startDaemon({ socketPath, outputPath, serverModule: failing })).rejects.toMatchObject({
    code: 'DAEMON_FAILED_TO_START',
    message: expect.stringMatching(/did not start: exit code 78\.\nIts output ends with:\nExpected maxQueuedJobs/),
  });
});

test('a daemon that takes longer is no longer waited for, and goes on with what it does', async () => {
  const slow = join(home, 'slow.mjs');
  const go = join(home, 'go');
  // It has work to do at its start, which a kill would have it begin anew.
  await writeFile(
    slow,
    `import { existsSync } from 'node:fs';
     while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 10));
     await import(${JSON.stringify(serverModule)});`,
  );
  await expect(startDaemon({ socketPath, outputPath, serverModule: slow, limitMs: 50 })).rejects.toMatchObject({
    code: 'DAEMON_FAILED_TO_START',
    message: expect.stringContaining('no answer in 0.05 s'),
    hint: expect.stringContaining('goes on starting'),
  });
  await writeFile(go, '');
  while ((await readHealth({ socketPath }).catch(() => null)) === null) await new Promise(setImmediate);
});

test('a home that cannot be written is named', async () => {
  const file = join(home, 'file');
  await writeFile(file, '');
  await expect(startDaemon({ socketPath, outputPath: join(file, 'output.log'), serverModule })).rejects.toMatchObject({
    code: 'HOME_NOT_WRITABLE',
    message: expect.stringContaining(file),
  });
});

test('a cancel request ends the wait for a daemon', async () => {
  const silent = join(home, 'silent.mjs');
  await writeFile(silent, 'setTimeout(() => {}, 2000);');
  await expect(
    startDaemon({ socketPath, outputPath, serverModule: silent, signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a pipe in the place of its output is refused and not waited for', async () => {
  const outputPath = join(home, 'pipe');
  execFileSync('mkfifo', [outputPath]);
  await expect(startDaemon({ socketPath, outputPath, serverModule })).rejects.toMatchObject({
    code: 'HOME_NOT_WRITABLE',
  });
});
