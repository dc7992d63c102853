import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  clearSocket,
  isAnswered,
  placeSocket,
  requireShortPath,
} from '../../../../daemon/src/server/life/socket-place.ts';

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
  ['a link to itself', () => symlink('hearth.sock', socketPath)],
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

test('a listener that ends removes its own socket, and nothing that somebody else has put in its place', async () => {
  const server = createServer();
  const listen = (path: string) => new Promise<void>((resolve) => server.listen(path, resolve));
  const remove = await placeSocket(socketPath, listen);
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  expect([await isAnswered(socketPath), await readdir(folder)]).toEqual([true, ['hearth.sock']]);
  await rm(socketPath);
  await writeFile(socketPath, 'somebody’s');
  remove();
  await new Promise((resolve) => server.close(resolve));
  expect(await readFile(socketPath, 'utf8')).toBe('somebody’s');
  await rm(socketPath);
  (await placeSocket(socketPath, listen))();
  expect(await readdir(folder)).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});
