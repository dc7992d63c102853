import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
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
  const { logger, close } = createLog({ file, level: 'info' });
  logger.info({ jobId: 'a' }, 'job ended');
  logger.debug('not asked for');
  await close();
  const lines = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ jobId: 'a', msg: 'job ended', processId: process.pid }]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a long log moves aside, and only a few old ones are kept', async () => {
  const file = join(folder, 'hearth.log');
  const { logger, close } = createLog({ file, level: 'info' });
  const filler = 'x'.repeat(100_000);
  for (let i = 0; i < 400; i++) {
    logger.info(filler);
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await close();
  const logs = (await readdir(folder)).filter((name) => name.includes('hearth.log') && !name.endsWith('.txt'));
  expect(logs.length).toBeGreaterThan(1);
  expect(logs.length).toBeLessThanOrEqual(7);
});
