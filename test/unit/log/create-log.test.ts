import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLog } from '../../../daemon/src/log/create-log.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('lines are JSON in a file that only its owner reads', async () => {
  const file = join(folder, 'logs', 'hearth.log');
  const log = createLog({ file, level: 'info' });
  log.info({ jobId: 'a' }, 'job ended');
  log.debug('not asked for');
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { jobId: 'a', msg: 'job ended', processId: process.pid },
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a log goes on where the daemon before it ended', async () => {
  const file = join(folder, 'hearth.log');
  createLog({ file, level: 'info' }).info('first');
  createLog({ file, level: 'info' }).info('second');
  expect(await readFile(file, 'utf8')).toMatch(/first.*\n.*second/);
});

test('a log that cannot be written is told before the daemon starts', async () => {
  await writeFile(join(folder, 'file'), '');
  const file = join(folder, 'file', 'hearth.log');
  expect(() => createLog({ file, level: 'info' })).toThrow(expect.objectContaining({ code: 'HOME_NOT_WRITABLE' }));
});
