import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listenOnNetwork } from '../../../../../daemon/src/server/http/listen-on-network.ts';
import {
  defaultRealtimeLimits,
  type RealtimeLimits,
} from '../../../../../daemon/src/server/http/realtime/realtime-connections.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

/** A connection as the server has it. */
interface Client {
  readonly isPaused: boolean;
  readonly bufferedAmount: number;
}

const token = 'a-token-of-more-than-thirty-two-characters';

let served: Served;

beforeEach(async () => {
  served = await serveStandIn();
});

afterEach(() => served.close());

/** A WebSocket by hand, to send what and when no package would. */
async function upgrade(): Promise<Socket> {
  const socket = connect(served.socketPath);
  socket.on('error', () => undefined);
  const lines = ['GET /v1/realtime HTTP/1.1', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'];
  const keys = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  socket.write(`${[...lines, ...keys].join('\r\n')}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(String(answer)).toContain('101 Switching Protocols');
  return socket;
}

/** A short text in a frame, with a mask that changes nothing. */
function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** A text of any length. */
function longFrame(text: string): Buffer {
  const head = Buffer.from([0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(text.length, 6);
  return Buffer.concat([head, Buffer.from(text)]);
}

test('a client that sends and sends and does not read is not listened to until it reads', async () => {
  const socket = (await upgrade()).pause();
  const messages = 10_000;
  let isTaken = false;
  socket.write(Buffer.concat(Array<Buffer>(messages).fill(frame(`{"text":"${'a'.repeat(100)}"}`))), () => {
    isTaken = true;
  });
  const { clients } = served.server.getDecorator<{ clients: Set<Client> }>('websocketServer');
  const [client] = clients;
  while (client?.isPaused === false) await served.ask({ path: '/v1/health' });
  expect(isTaken).toBe(false);
  expect(client?.bufferedAmount).toBeLessThan(4 * 1024 * 1024);
  let told = '';
  for await (const bytes of socket.resume()) {
    told += String(bytes);
    if (told.endsWith('}') && told.split('"type":"error"').length > messages) break;
  }
  expect(isTaken).toBe(true);
});

test('bytes that are no frames end the connection and nothing else', async () => {
  for (const bytes of [
    Buffer.alloc(100, 0xff),
    Buffer.from([0x81, 2, 65, 65]),
    Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]),
  ]) {
    const socket = await upgrade();
    socket.resume().write(bytes);
    await once(socket, 'close');
  }
  expect((await served.ask({ path: '/v1/health' })).status).toBe(200);
});

test('a format that no table has is refused, also if every object has it', async () => {
  const socket = await upgrade();
  let told = '';
  socket.write(
    Buffer.concat([
      frame('{"type":"transcription_session.update","session":{"input_audio_format":"toString"}}'),
      frame('{"type":"input_audio_buffer.clear"}'),
    ]),
  );
  for await (const bytes of socket) {
    told += String(bytes);
    if (told.includes('input_audio_buffer.cleared')) break;
  }
  expect(told).toContain('Expected input_audio_format to be pcm16');
  expect(told).not.toContain('session.updated');
});

test('what a session would keep and repeat has the limits of all JSON; the session goes on', async () => {
  const socket = await upgrade();
  const update = (transcription: string) =>
    longFrame(`{"type":"transcription_session.update","session":{"input_audio_transcription":${transcription}}}`);
  socket.write(
    Buffer.concat([
      update(`{"prompt":"${'a'.repeat(100_000)}"}`),
      update(`{"unknown":"${'a'.repeat(100_000)}"}`),
      update(`{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
      longFrame(`{"type":"input_audio_buffer.append","event_id":"${'a'.repeat(100_000)}","audio":"AAAA"}`),
      update('{"language":"de"}'),
    ]),
  );
  let told = '';
  for await (const bytes of socket) {
    told += String(bytes);
    if (told.includes('session.updated')) break;
  }
  expect(told.match(/"message":"[^"]*"/g)).toEqual([
    ...Array(2).fill('"message":"Expected at most 65536 bytes beside the sound, got more."'),
    expect.stringMatching(/Expected JSON of at most 32 levels/),
    '"message":"Expected at most 65536 bytes beside the sound, got more."',
  ]);
  expect(told.length).toBeLessThan(10_000);
});

/** Asks for an upgrade and does nothing more; the connection, and the first line of the answer. */
async function askUpgrade(path: string, port?: number): Promise<{ readonly socket: Socket; readonly answer: string }> {
  const socket = port === undefined ? connect(served.socketPath) : connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const head = [
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
  ];
  socket.write([`GET ${path} HTTP/1.1`, ...head, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''].join('\r\n'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return { socket, answer: String(answer) };
}

test('more connections than may be are refused at once, and closed, whatever their client does', async () => {
  const open = await Promise.all(Array.from({ length: 64 }, () => askUpgrade('/v1/realtime')));
  expect(open.map(({ answer }) => answer.split('\r\n')[0])).toEqual(Array(64).fill('HTTP/1.1 101 Switching Protocols'));
  const { socket, answer } = await askUpgrade('/v1/realtime?model=gpt-4o-transcribe');
  expect(answer).toMatch(/^HTTP\/1.1 503 .*retry-after: 5.*"code":"QUEUE_FULL"/is);
  await once(socket.resume(), 'end');
  expect(served.server.getDecorator<{ clients: Set<Client> }>('websocketServer').clients.size).toBe(64);
  for (const each of open) each.socket.destroy();
});

async function serveWith(limits: Partial<RealtimeLimits>): Promise<void> {
  await served.close();
  served = await serveStandIn({ settings: { token }, realtimeLimits: { ...defaultRealtimeLimits, ...limits } });
}

test('the network has at most half of the connections, and the socket finds room beside them', async () => {
  await serveWith({});
  const network = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  const { port } = network.address() as AddressInfo;
  const open = await Promise.all(Array.from({ length: 40 }, () => askUpgrade('/v1/realtime', port)));
  const refused = open.filter(({ answer }) => answer.startsWith('HTTP/1.1 503'));
  expect(refused).toHaveLength(8);
  expect(refused[0]?.answer).toContain('The network has 32 Realtime connections');
  const { socket, answer } = await askUpgrade('/v1/realtime');
  expect(answer).toContain('101 Switching Protocols');
  for (const each of [socket, ...open.map((one) => one.socket)]) each.destroy();
  network.close();
});

test('a connection that has been silent for the longest time gives way to who needs its place', async () => {
  await serveWith({ idleMs: 0 });
  const open = [];
  for (let count = 0; count < 64; count++) open.push(await askUpgrade('/v1/realtime'));
  const [first, second] = open.map(({ socket }) => socket);
  first?.write(frame('{"type":"input_audio_buffer.clear"}'));
  await once(first as Socket, 'data');
  const gone = once((second as Socket).resume(), 'close');
  expect((await askUpgrade('/v1/realtime')).answer).toContain('101 Switching Protocols');
  await gone;
  expect(first?.destroyed).toBe(false);
  for (const each of open) each.socket.destroy();
});

test('a client that answers no ping and sends nothing is let go', async () => {
  await serveWith({ pingEveryMs: 20 });
  const { socket } = await askUpgrade('/v1/realtime');
  await once(socket.resume(), 'close');
});

test('messages that never end do not fill the memory: those that stand still make way', async () => {
  await serveWith({ mostUnfinishedBytes: 4_000_000 });
  const text = JSON.stringify({ type: 'none', audio: 'a'.repeat(1_900_000) });
  const bytes = longFrame(text);
  const sockets = [];
  const gone = [];
  for (let count = 0; count < 3; count++) {
    const { socket } = await askUpgrade('/v1/realtime');
    sockets.push(socket);
    gone.push(once(socket, 'close').then(() => count));
    await new Promise<void>((resolve) => socket.write(bytes.subarray(0, -1), () => resolve()));
    // It is answered when what came before it is read.
    await served.ask({ path: '/v1/health' });
    socket.resume();
  }
  expect(await Promise.race(gone)).toBe(0);
  sockets[2]?.write(bytes.subarray(-1));
  const [answer] = (await once(sockets[2] as Socket, 'data')) as [Buffer];
  expect(String(answer)).toContain('Expected an event of a transcription');
  for (const socket of sockets) socket.destroy();
});

test('what is no WebSocket does not become one', async () => {
  const { socket, answer } = await askUpgrade('/v1/health');
  expect(answer).toMatch(/^HTTP\/1.1 400 .*"code":"REQUEST_INVALID"/is);
  await once(socket.resume(), 'end');
});
