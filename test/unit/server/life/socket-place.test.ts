import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clearSocket, isAnswered, requireShortPath } from '../../../../daemon/src/server/life/socket-place.ts';

let folder: string;
let socketPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-socket-'));
  socketPath = join(folder, 'hearth.sock');
});

afterEach(() => rm(folder, { recursive: true }));

test('a socket on which somebody listens is answered', async () => {
  expect(await isAnswered(socketPath)).toBe(false);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  expect(await isAnswered(socketPath)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await isAnswered(socketPath)).toBe(false);
});

test('nothing in the place of the socket is nothing to clear', async () => {
  await clearSocket(socketPath);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['a file', () => writeFile(socketPath, 'somebody’s')],
  ['a folder', () => mkdir(socketPath)],
])('%s in the place of the socket is told and kept', async (_, put) => {
  await put();
  expect(await isAnswered(socketPath)).toBe(false);
  await expect(clearSocket(socketPath)).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
  expect(await readdir(folder)).toEqual(['hearth.sock']);
});

test('a path that a socket address cannot hold is refused', () => {
  expect(() => requireShortPath(join(folder, 'x'.repeat(104)))).toThrow(
    expect.objectContaining({ code: 'SOCKET_PATH_TOO_LONG' }),
  );
});
