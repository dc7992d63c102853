import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCommand } from '../../../setup/run-command.mjs';

let folder: string;
let logPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-run-'));
  logPath = join(folder, 'logs', 'step.log');
});

afterEach(() => rm(folder, { recursive: true }));

const node = (script: string) => ({ command: process.execPath, args: ['-e', script], cwd: folder, logPath });

test('lines of both outputs are passed on, returned and logged with the command', async () => {
  const seen: string[] = [];
  const lines = await runCommand({
    ...node("console.log('one'); console.error('two')"),
    env: process.env,
    onLine: (line: string) => seen.push(line),
  });
  expect(lines.toSorted()).toEqual(['one', 'two']);
  expect(seen.toSorted()).toEqual(['one', 'two']);
  const log = await readFile(logPath, 'utf8');
  expect(log).toContain(`$ ${process.execPath} -e console.log`);
  expect(log).toContain('\none\n');
});

test('a command that fails is told with its exit code, the end of its output and where the whole is', async () => {
  const failing = runCommand({
    ...node("for (let n = 0; n < 100; n++) console.log('line ' + n); process.exit(3)"),
    env: process.env,
    onLine: () => {},
  });
  await expect(failing).rejects.toMatchObject({
    name: 'SetUpError',
    message: expect.stringMatching(new RegExp(`failed with exit code 3\\. See the whole log in ${logPath}$`)),
    logTail: expect.stringMatching(/^line 75\n(line \d+\n){23}line 99$/),
  });
  expect((await readFile(logPath, 'utf8')).split('\n')).toContain('line 0');
});

test('a command that cannot be started, or is killed, is told too', async () => {
  const shared = { cwd: folder, logPath, env: process.env, onLine: () => {} };
  await expect(runCommand({ ...shared, command: join(folder, 'missing'), args: [] })).rejects.toThrow(/ENOENT/);
  const killed = runCommand({ ...shared, ...node("process.kill(process.pid, 'SIGILL')") });
  await expect(killed).rejects.toThrow(/got SIGILL/);
});
