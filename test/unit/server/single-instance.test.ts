import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listenAlone, prepareHome } from '../../../daemon/src/server/single-instance.ts';

let folder: string;
let socketPath: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-socket-'));
  socketPath = join(folder, 'hearth.sock');
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

function listen(): Promise<true> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => resolve(true));
  });
}

test('of many that start at once exactly one listens', async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => listenAlone(socketPath, listen)));
  expect(outcomes.filter((alone) => alone)).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['hearth.sock']);
});

test('a file in the place of a socket that nobody answers on makes way', async () => {
  await writeFile(socketPath, '');
  expect(await listenAlone(socketPath, listen)).toBe(true);
});

test('a path that a socket address cannot hold is refused', async () => {
  const long = join(folder, 'x'.repeat(104));
  await expect(listenAlone(long, listen)).rejects.toMatchObject({ code: 'SOCKET_PATH_TOO_LONG' });
});

test('a failed start leaves no lock behind', async () => {
  const fail = () => Promise.reject(new Error('no'));
  await expect(listenAlone(socketPath, fail)).rejects.toThrow('no');
  expect(await listenAlone(socketPath, listen)).toBe(true);
});

test('a home is made for its owner alone, also by many at once', async () => {
  const home = join(folder, 'state', 'hearth');
  await Promise.all(Array.from({ length: 16 }, () => prepareHome(home)));
  expect((await stat(home)).mode & 0o777).toBe(0o700);
  expect(await readdir(home)).toEqual([]);
});

test('a home under a file is refused', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(prepareHome(join(folder, 'file', 'home'))).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
});
