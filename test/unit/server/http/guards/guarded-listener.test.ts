import { execFile, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type RequestListener, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, expect, jest, test } from '@jest/globals';
import {
  createGuardedListener,
  type GuardLimits,
} from '../../../../../daemon/src/server/http/guards/guarded-listener.ts';
import { refuseTrickle } from '../../../../../daemon/src/server/http/guards/refuse-trickle.ts';

let listener: Server;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
});

async function listen(
  maxConnections: number,
  answer: RequestListener = (_, response) => void response.end('fine'),
  limits?: GuardLimits,
) {
  listener = createGuardedListener(answer, maxConnections, limits);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
}

const port = () => (listener.address() as AddressInfo).port;

async function open(head: string, { allowHalfOpen = false } = {}): Promise<Socket> {
  const connected = once(listener, 'connection');
  const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen });
  socket.on('error', () => undefined);
  sockets.push(socket);
  socket.write(head);
  await connected;
  return socket;
}

async function ask(path = '/'): Promise<string> {
  const sent = request({ port: port(), host: '127.0.0.1', path, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  return `${response.statusCode} ${await text(response)}`;
}

test('half requests shut nobody out: the one that has waited longest makes way', async () => {
  await listen(3);
  const half: Socket[] = [];
  for (let i = 0; i < 3; i += 1) half.push(await open('GET / HTT'));
  const ended = once(half[0] as Socket, 'close');
  expect(await ask()).toBe('200 fine');
  await ended;
  expect(half.slice(1).map(({ destroyed }) => destroyed)).toEqual([false, false]);
});

test('connections that are being answered stay, and a further one is refused with the reason', async () => {
  const waiting: ServerResponse[] = [];
  await listen(2, (_, response) => void waiting.push(response));
  const arrived = () => once(listener, 'request');
  const asked = [];
  for (let i = 0; i < 2; i += 1) {
    const next = arrived();
    asked.push(ask());
    await next;
  }
  expect(await ask()).toMatch(/^503 .*QUEUE_FULL/);
  for (const response of waiting) response.end('late');
  expect(await Promise.all(asked)).toEqual(['200 late', '200 late']);
});

test('what a refused connection asks does not happen, and no further one takes its place', async () => {
  const waiting: ServerResponse[] = [];
  const handled: (string | undefined)[] = [];
  await listen(1, ({ url }, response) => {
    handled.push(url);
    waiting.push(response);
  });
  const arrived = once(listener, 'request');
  const asked = ask();
  await arrived;
  for (let i = 0; i < 4; i += 1) {
    const refused = await open(`DELETE /${i} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    let answer = '';
    refused.on('data', (chunk) => {
      answer += chunk;
    });
    await once(refused, 'end');
    expect(answer).toMatch(/^HTTP\/1.1 503 .*QUEUE_FULL/s);
  }
  expect(handled).toEqual(['/']);
  waiting[0]?.end('late');
  expect(await asked).toBe('200 late');
});

test('who still sends when it is refused may go on for a while, and reads its answer then', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'Date', 'queueMicrotask', 'nextTick'] });
  try {
    await listen(1, () => undefined);
    const arrived = once(listener, 'request');
    await open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await arrived;
    const accepted = once(listener, 'connection') as Promise<[Socket]>;
    const refused = await open('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000000\r\n\r\n');
    const [connection] = await accepted;
    // Slowly: what it sends in the time that it would have to read, and no more.
    for (let sentBytes = 0; sentBytes < 5_000_000; sentBytes += 1_000_000) {
      const before = connection.bytesRead;
      refused.write(Buffer.alloc(1_000_000));
      while (connection.bytesRead < before + 1_000_000 && !connection.destroyed) await setImmediate();
      jest.advanceTimersByTime(900);
    }
    expect(connection.destroyed).toBe(false);
    expect(await text(refused)).toMatch(/^HTTP\/1.1 503 .*QUEUE_FULL/s);

    const endless = await open('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000000\r\n\r\n');
    const ended = once(endless, 'close');
    endless.resume();
    jest.advanceTimersByTime(2_000);
    await ended;
  } finally {
    jest.useRealTimers();
  }
});

const uploadBytes = 8 * 1024 * 1024;

/** What other people's clients make of a refusal while they send. Each says the status that it read. */
const clients: Readonly<Record<string, (url: string, file: string) => Promise<string>>> = {
  curl: (url, file) => run('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', '-T', file, '-X', 'POST', url]),
  fetch: async (url, file) =>
    String((await fetch(url, { method: 'POST', body: await readFile(file), headers: { connection: 'close' } })).status),
  requests: (url, file) =>
    run('python3', [
      '-c',
      `import requests; print(requests.post('${url}', data=open('${file}', 'rb')).status_code, end='')`,
    ]),
};

async function run(command: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, args)).stdout;
}

const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;

test.each(Object.keys(clients).filter((name) => name !== 'requests' || hasRequests))(
  '%s reads its refusal in the middle of an upload',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-refused-'));
    const file = join(folder, 'recording');
    await writeFile(file, Buffer.alloc(uploadBytes));
    await listen(1, () => undefined);
    const arrived = once(listener, 'request');
    await open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await arrived;
    const statuses = [];
    for (let count = 0; count < 10; count++) statuses.push(await clients[name]?.(`http://127.0.0.1:${port()}/`, file));
    await rm(folder, { recursive: true });
    expect(statuses).toEqual(Array(10).fill('503'));
  },
);

test('a connection whose answer is not read makes way, one that is still being answered does not', async () => {
  const working: ServerResponse[] = [];
  const answer: RequestListener = ({ url }, response) => {
    if (url === '/work') working.push(response);
    else response.end(url === '/long' ? Buffer.alloc(64 * 1024 * 1024) : 'fine');
  };
  await listen(2, answer, { readWithinMs: 0 });
  const opened = [];
  for (const path of ['/work', '/long']) {
    const arrived = once(listener, 'request');
    opened.push(await open(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`));
    await arrived;
  }
  expect(await ask()).toBe('200 fine');
  const answered = once(opened[0] as Socket, 'data');
  working[0]?.end('late');
  expect(String((await answered)[0])).toContain('late');
});

test('a connection that is kept after its answer makes way as one without a request', async () => {
  await listen(1);
  const kept = await open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(kept, 'data');
  const ended = once(kept, 'close');
  expect(await ask()).toBe('200 fine');
  await ended;
});

test('who sends requests without reading their answers is let go before they pile up', async () => {
  let asked = 0;
  await listen(10, () => {
    asked += 1;
  });
  const greedy = await open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(1000));
  await once(greedy, 'close');
  expect(asked).toBe(1);
});

test('requests that are sent at once are handled one after the other, and answered in their order', async () => {
  const working: [string, ServerResponse][] = [];
  await listen(10, ({ url = '' }, response) => void working.push([url, response]));
  const arrived = once(listener, 'request');
  const socket = await open(
    ['/a', '/b', '/c'].map((path) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`).join(''),
  );
  await arrived;
  for (const path of ['/a', '/b', '/c']) {
    expect(working.map(([url]) => url)).toEqual([path]);
    const answered = once(socket, 'data');
    working.pop()?.[1].end(path);
    expect(String((await answered)[0])).toContain(path);
  }
});

test('answers that nobody reads do not fill the memory, and one that is long is still answered', async () => {
  const answer: RequestListener = ({ url }, response) => {
    response.end(url === '/long' ? Buffer.alloc(32 * 1024 * 1024) : 'fine');
  };
  await listen(10, answer, { mostUnread: 80 * 1024 * 1024 });
  const unread: Socket[] = [];
  listener.on('connection', (socket) => unread.push(socket));
  for (let count = 0; count < 4; count++) {
    const arrived = once(listener, 'request');
    await open('GET /long HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(8));
    await arrived;
  }
  expect(unread.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false]);
  expect(await ask('/long')).toHaveLength('200 '.length + 32 * 1024 * 1024);
});

test('bytes that are no HTTP are answered, and the connection does not stay', async () => {
  await listen(10);
  const connected = once(listener, 'connection') as Promise<[Socket]>;
  const strange = await open('no request\r\n\r\n', { allowHalfOpen: true });
  const [serverSide] = await connected;
  let answer = '';
  strange.on('data', (chunk) => {
    answer += chunk;
  });
  // The client never ends its side.
  await once(serverSide, 'close');
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request.*REQUEST_INVALID/s);
});

test('bytes that are no HTTP are answered when all that was asked before them is', async () => {
  const pending: ServerResponse[] = [];
  const arrivals = new EventEmitter();
  await listen(10, (_, response) => {
    pending.push(response);
    arrivals.emit('asked');
  });
  const asked = once(arrivals, 'asked');
  const socket = await open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(3));
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await asked;
  const strange = once(listener, 'clientError');
  socket.write('no request\r\n\r\n');
  await strange;
  socket.write('nor this\r\n\r\n');
  for (const number of [1, 2, 3]) {
    const next = once(arrivals, 'asked');
    pending.at(-1)?.end(`answer ${number}`);
    if (number < 3) await next;
  }
  await once(socket, 'close');
  expect(answer.match(/HTTP\/1.1 \d+|answer \d/g)).toEqual([
    ...['HTTP/1.1 200', 'answer 1', 'HTTP/1.1 200', 'answer 2', 'HTTP/1.1 200', 'answer 3'],
    'HTTP/1.1 400',
  ]);
});

test('a body that is no HTTP ends its connection, however long its answer would take', async () => {
  await listen(10, (incoming) => void incoming.resume());
  const arrived = once(listener, 'request');
  const socket = await open('POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n');
  await arrived;
  socket.write('not a length\r\n');
  await once(socket, 'close');
});

test('a body that comes byte by byte ends with its connection, one that comes at a pace does not', async () => {
  const pace = { bytes: 100, periodMs: 200 };
  const asked: IncomingMessage[] = [];
  await listen(10, (incoming) => {
    asked.push(incoming);
    incoming.resume();
    refuseTrickle(incoming, pace);
  });
  const head = 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n';
  const [steady, slow] = [await open(head), await open(head)];
  const ended: string[] = [];
  steady.on('close', () => ended.push('steady'));
  const feeding = setInterval(() => steady.write('x'.repeat(50)), 10);
  const trickling = setInterval(() => slow.write('x'), 10);
  await new Promise((resolve) => slow.on('close', resolve));
  clearInterval(trickling);
  clearInterval(feeding);
  expect(asked).toHaveLength(2);
  expect(ended).toEqual([]);
});

test('a connection that brings many recordings is left as it was by each', async () => {
  const counts: number[] = [];
  await listen(10, (incoming, response) => {
    counts.push(incoming.socket.listenerCount('close'));
    incoming.resume().once('end', () => response.end('fine'));
  });
  const socket = await open('');
  for (let number = 0; number < 4; number++) {
    // The body comes after the guards have looked at the request.
    const arrived = once(listener, 'request');
    socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\n');
    await arrived;
    await setImmediate();
    await setImmediate();
    const answered = once(socket, 'data');
    socket.write('body');
    await answered;
  }
  expect(new Set(counts).size).toBe(1);
});
