import type { Socket } from 'node:net';

/** How long a client has to read it. */
const lingerMs = 1_000;

export interface LastAnswer {
  /** Code and reason, `400 Bad Request`. */
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body: unknown;
}

/**
 * Answers a connection that no request handler has, and closes it. What it still sends is dropped: to close it unread
 * would take the answer back.
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
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once('close', () => clearTimeout(timer));
}
