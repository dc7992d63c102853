import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

/** A connection as the server has it. */
interface Client {
  readonly isPaused: boolean;
  readonly bufferedAmount: number;
}

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
async function askUpgrade(path: string): Promise<{ readonly socket: Socket; readonly answer: string }> {
  const socket = connect(served.socketPath);
  socket.on('error', () => undefined);
  const head = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
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

test('what is no WebSocket does not become one', async () => {
  const { socket, answer } = await askUpgrade('/v1/health');
  expect(answer).toMatch(/^HTTP\/1.1 400 .*"code":"REQUEST_INVALID"/is);
  await once(socket.resume(), 'end');
});
