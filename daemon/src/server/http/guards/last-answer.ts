import type { Socket } from 'node:net';

/** How long a client that sends nothing more has to read it. */
const lingerMs = 1_000;
/** In how many such periods a client may keep sending: many only read their answer after they have sent everything. */
const mostLooks = 10;

export interface LastAnswer {
  /** Code and reason, `400 Bad Request`. */
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body: unknown;
}

/**
 * Answers a connection that has no request handler, and closes it. What the client still sends is discarded: closing
 * with unread data would withdraw the answer.
 */
export function sendLastAnswer(socket: Socket, { status, headers = [], body }: LastAnswer): void {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    ...headers,
  ];
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end([...head, '', text].join('\r\n'));
  let readBytes = socket.bytesRead;
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    const isSending = socket.bytesRead > readBytes;
    readBytes = socket.bytesRead;
    if (!isSending || looks === mostLooks) socket.destroy();
  }, lingerMs).unref();
  socket.once('close', () => clearInterval(timer));
}
