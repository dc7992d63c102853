import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readGivenFile, readGivenFileNow } from '../../../daemon/src/settings/read-given-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-given-'));
  path = join(folder, 'given.json');
});

afterEach(() => rm(folder, { recursive: true }));

/** What both ways of reading say, as one. */
async function read(mostBytes = 100): Promise<string> {
  const codeOf = (error: unknown) => String((error as NodeJS.ErrnoException).code);
  const later = await readGivenFile(path, mostBytes).then(String, codeOf);
  let now: string;
  try {
    now = String(readGivenFileNow(path, mostBytes));
  } catch (error) {
    now = codeOf(error);
  }
  expect(now).toBe(later);
  return now;
}

test('a file is read whole, through links too', async () => {
  await writeFile(join(folder, 'there.json'), '{"a": "ü"}');
  await symlink('there.json', path);
  expect(await read(11)).toBe('{"a": "ü"}');
  expect(await read(10)).toBe('EFBIG');
});

test('a file without an end is not begun', async () => {
  await writeFile(path, '');
  await truncate(path, 2 ** 40);
  expect(await read()).toBe('EFBIG');
});

test.each([
  ['a pipe', async () => void execFileSync('mkfifo', [path])],
  ['a folder', () => mkdir(path)],
  ['a device', () => symlink('/dev/zero', path)],
])('%s is no file, and nothing waits for it', async (_, make) => {
  await make();
  expect(await read()).toBe('ENOTFILE');
});

test('a socket is refused by the system', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(await read()).not.toBe('');
  server.close();
});

(process.platform === 'linux' ? test : test.skip)('what the system makes up while it is read is empty', async () => {
  await symlink('/proc/kmsg', path);
  expect(['', 'EACCES', 'EPERM']).toContain(await read());
  await rm(path);
  await symlink('/proc/self/maps', path);
  expect(await read()).toBe('');
});
