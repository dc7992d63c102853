import { connect } from 'node:net';
import type { RunningDaemon } from './start-daemon.ts';

export interface FuzzRequest {
  readonly requests: number;
  readonly random: () => number;
}

export interface FuzzOutcome {
  /** How often each status came; `none` where the connection ended without an answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What was sent where the answer was a fault of the server: 500 and the like. */
  readonly faults: readonly string[];
}

/** Longest wait for an answer to bytes that may be no whole request. */
const patienceMs = 150;
const connections = 16;

const templates = [
  'GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /v1/jobs/none/events?from=3 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /v1/history?query=%22a%20b%22&limit=5&before=9 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /v1/history/none?format=srt HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'DELETE /v1/history HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'DELETE /v1/models/a%2Fb HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'POST /v1/models/unload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n',
  'POST /v1/models/load HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"model":"none"}',
  'POST /v1/models/pull HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"repository":"a/b"}',
  'POST /v1/transcriptions?language=de&format=ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nsound',
  'POST /v1/transcriptions?detach=true&name=a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsound\r\n0\r\n\r\n',
  'POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{"path":"/etc/hi"}',
  'POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 121\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nsound\r\n--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n--x--\r\n',
].map((text) => Buffer.from(text));

const fragments = [
  ...['\r\n', '\0', '%00', '%', '%ff', '../', '"', '{', '[[[[', ': ', ';', ',', '?', '&', '=', ' ', '\t', '\r', '\n'],
  ...['Transfer-Encoding: chunked\r\n', 'Content-Length: -1\r\n', 'Content-Length: 99999999999999999999\r\n'],
  ...['Expect: 100-continue\r\n', 'Upgrade: websocket\r\nConnection: Upgrade\r\n', 'Host: evil.example\r\n'],
  ...['Content-Type: application/json\r\n', 'Content-Type: multipart/form-data\r\n', 'Accept: */*;q=x\r\n'],
  ...['HTTP/2.0', 'HTTP/0.9', 'CONNECT', 'OPTIONS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'ffffffffffffffff\r\n'],
  ...[
    '__proto__',
    'constructor',
    'temperature=NaN',
    'temperature=1e999',
    'clipTimestamps=0',
    '\u{1f600}',
    'x'.repeat(20_000),
  ],
].map((text) => Buffer.from(text));

/** Sends requests whose bytes were changed at random and reads what comes back. */
export async function fuzzSocket(daemon: RunningDaemon, { requests, random }: FuzzRequest): Promise<FuzzOutcome> {
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  let sent = 0;
  async function work(): Promise<void> {
    while (sent++ < requests) {
      const bytes = mutate(random);
      for (const status of await statusesOf(daemon.socketPath, bytes)) {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === '500') faults.push(bytes.toString('latin1').slice(0, 2000));
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, work));
  return { statuses, faults };
}

function mutate(random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  if (random() < 0.05) return Buffer.from(Array.from({ length: below(500) }, () => below(256)));
  let bytes: Buffer = Buffer.concat(Array.from({ length: 1 + below(2) }, () => one(templates)));
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(bytes.length + 1);
    const kind = below(5);
    if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), one(fragments), bytes.subarray(at)]);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(20))]);
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(at + 1))]);
    else if (at < bytes.length) bytes = Buffer.from(bytes).fill(below(256), at, at + 1);
  }
  return bytes;
}

function statusesOf(socketPath: string, bytes: Buffer): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const received: Buffer[] = [];
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      const found = Buffer.concat(received)
        .toString('latin1')
        .match(/(?<=^HTTP\/1\.1 )\d{3}/gm);
      resolve(found ?? ['none']);
    });
    socket.write(bytes);
  });
}
