import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
// @ts-expect-error: it has no types.
import { IPCModule } from 'node-ipc';
import { placeSocket } from '../../../../daemon/src/server/life/socket-place.ts';
import {
  createNodeIpcListener,
  type NodeIpcListener,
} from '../../../../daemon/src/server/node-ipc/node-ipc-listener.ts';
import { type Served, serveStandIn } from '../http/serve-stand-in.ts';

let served: Served;
let listener: NodeIpcListener;
let path: string;

beforeEach(async () => {
  served = await serveStandIn();
  path = join(served.home, 'hearth.node-ipc.sock');
  listener = createNodeIpcListener({ path, daemonSocket: served.socketPath, placeSocket });
  await listener.use(true);
});

afterEach(async () => {
  await listener.use(false);
  await served.close();
});

/** The package's own client. */
async function connectClient() {
  const ipc = new IPCModule();
  Object.assign(ipc.config, { id: 'test', silent: true, maxRetries: 0 });
  ipc.connectTo('hearth', path);
  const client = ipc.of['hearth'] as {
    on: (type: string, hear: (data: never) => void) => void;
    emit: (type: string, data: object) => void;
  };
  await new Promise<void>((resolve) => client.on('connect', () => resolve()));
  const next = (type: string) => new Promise<Record<string, unknown>>((resolve) => client.on(type, resolve));
  return { client, next, close: () => ipc.disconnect('hearth') };
}

test("node-ipc's own client transcribes by path and by bytes, asks for the state and cancels", async () => {
  const { client, next, close } = await connectClient();
  const state = next('status');
  client.emit('status', { id: 's' });
  expect(await state).toMatchObject({ id: 's', health: { status: 'ok' } });

  writeFileSync(join(served.home, 'talk.wav'), 'sound');
  const done = next('job-done');
  client.emit('transcribe', { id: 'a', path: join(served.home, 'talk.wav'), options: { language: 'de' } });
  const run = await served.nextRun();
  expect(run.task).toMatchObject({ audioPath: join(served.home, 'talk.wav'), options: { language: 'de' } });
  run.finish('Hello.');
  expect(await done).toMatchObject({ id: 'a', result: { text: 'Hello.' } });

  const cancelled = next('job-cancelled');
  client.emit('transcribe', { id: 'b', audio: Buffer.from('bytes').toString('base64') });
  await served.nextRun();
  client.emit('cancel', { id: 'b' });
  expect(await cancelled).toMatchObject({ id: 'b' });

  const failed = next('error');
  client.emit('transcribe', { id: 'c', path: 'relative.wav' });
  expect(await failed).toMatchObject({ id: 'c', error: { code: 'REQUEST_INVALID' } });
  close();
});

test.each([
  ['null', Buffer.from('null\f')],
  ['no JSON', Buffer.from('hello\f')],
  ['no type', Buffer.from('{"data":1}\f')],
  ['100 MB', Buffer.alloc(100_000_000, 'a')],
])('%s ends the connection with a reason, and nothing else is disturbed', async (_, bytes) => {
  const other = await connectClient();
  const socket = connect(path);
  socket.on('error', () => undefined);
  socket.write(bytes);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  await new Promise((resolve) => socket.on('close', resolve));
  expect(JSON.parse(answer.replace('\f', ''))).toMatchObject({
    type: 'error',
    data: { error: { code: 'REQUEST_INVALID' } },
  });
  const state = other.next('status');
  other.client.emit('status', {});
  expect(await state).toMatchObject({ health: { status: 'ok' } });
  other.close();
});

test('a client that asks and asks and does not read is waited for, and disturbs nobody', async () => {
  const socket = connect(path).pause();
  socket.on('error', () => undefined);
  const asked = ['{"type":"no"}\f', '{"type":"status"}\f', '{"type":"transcribe"}\f'].join('').repeat(100_000);
  const isTaken = new Promise((resolve) => socket.write(asked, () => resolve('taken')));
  const other = await connectClient();
  for (let i = 0; i < 3; i++) {
    const state = other.next('status');
    other.client.emit('status', { id: String(i) });
    expect(await state).toMatchObject({ id: String(i) });
  }
  expect(await Promise.race([isTaken, served.ask({ path: '/v1/health' })])).toMatchObject({ status: 200 });
  socket.destroy();
  const state = other.next('status');
  other.client.emit('status', { id: 'after' });
  expect(await state).toMatchObject({ id: 'after' });
  other.close();
});

test('transcriptions that wait hold none of their sound in memory', async () => {
  const count = 8;
  const socket = connect(path);
  // White space is no sound, and is held all the same.
  const audio = Buffer.from('sound').toString('base64') + ' '.repeat(8_000_000);
  const messages = Array.from({ length: count }, (_, id) => {
    return Buffer.from(`${JSON.stringify({ type: 'transcribe', data: { id: String(id), audio } })}\f`);
  });
  const before = usedBytes();
  for (const message of messages) socket.write(message);
  let told = '';
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    told += String(bytes);
    if (told.split('"type":"job-queued","data"').length > count) break;
  }
  // What is on its way is let go of in a moment.
  while (usedBytes() - before > 40e6) await served.ask({ path: '/v1/health' });
  expect(messages).toHaveLength(count);
  socket.destroy();
});

/** What is in memory and not garbage. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

test('an id that every event would repeat has a limit', async () => {
  const { client, next, close } = await connectClient();
  const failed = next('error');
  client.emit('transcribe', { id: 'i'.repeat(201), audio: 'AAAA' });
  expect(await failed).toMatchObject({ id: 'i'.repeat(200), error: { code: 'REQUEST_INVALID' } });
  close();
});

test.each([
  ['null', null, 'REQUEST_INVALID'],
  ['a list', ['language'], 'REQUEST_INVALID'],
  ['an object as a value', { language: { toString: 1 } }, 'OPTION_INVALID'],
  ['a format', { format: 'txt' }, 'OPTION_INVALID'],
  ['live', { live: true }, 'OPTION_INVALID'],
])('options that are %s are refused in words', async (_, options, code) => {
  const { client, next, close } = await connectClient();
  const failed = next('error');
  client.emit('transcribe', { id: 'o', audio: 'AAAA', options });
  expect(await failed).toMatchObject({ id: 'o', error: { code } });
  close();
});

test('a socket that could not be opened is tried again when it is wanted again', async () => {
  const folder = join(served.home, 'later');
  const later = createNodeIpcListener({
    ...{ path: join(folder, 'node-ipc.sock'), daemonSocket: served.socketPath },
    placeSocket,
  });
  await expect(later.use(true)).rejects.toMatchObject({ syscall: 'listen' });
  expect(later.warning()).toMatch(/^Programs that use node-ipc cannot connect: .*later/);
  mkdirSync(folder);
  await later.use(true);
  expect(later.warning()).toBeNull();
  expect(existsSync(join(folder, 'node-ipc.sock'))).toBe(true);
  await later.use(false);
});

test('a file or a link in the place of the socket is not deleted, and the socket of a dead daemon is replaced', async () => {
  const mine = join(served.home, 'mine');
  writeFileSync(mine, 'mine');
  for (const put of [() => writeFileSync(path, 'mine'), () => symlinkSync(mine, path)]) {
    await listener.use(false);
    rmSync(path, { force: true });
    put();
    await expect(listener.use(true)).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  }
  rmSync(path);
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', code]);
  expect(lstatSync(path).isSocket()).toBe(true);
  await listener.use(true);
  const { close } = await connectClient();
  close();
});
