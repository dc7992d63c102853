import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { readAnswers } from './read-answers.ts';

export interface Batch {
  readonly place: NetConnectOpts;
  /** Whole requests, sent at once. */
  readonly whole: Buffer;
  readonly wholeCount: number;
  readonly methods: readonly string[];
  /** What follows when those are answered; null for nothing. */
  readonly changed: Buffer | null;
  /** How many pieces the bytes are sent in. */
  readonly pieces: number;
  /** Whether the client is gone before it has an answer. */
  readonly isGone: boolean;
}

/** Longer than any answer to what is sent here takes. */
const patienceMs = 60_000;
/** For an answer to bytes that may be no whole request. */
const changedPatienceMs = 30;

export interface BatchOutcome {
  /** What came back before the connection was closed; null where it was not closed. */
  readonly received: Buffer | null;
  /** How long it took, and what the system said of the connection. On a busy machine a client may be too late. */
  readonly connection: string;
}

/** Sends a batch over a connection of its own. */
export async function sendBatch({
  place,
  whole,
  wholeCount,
  changed,
  pieces,
  isGone,
  methods,
}: Batch): Promise<BatchOutcome> {
  const startedMs = performance.now();
  let connectionError = 'no error';
  const socket = connect({ ...place, allowHalfOpen: true });
  const received: Buffer[] = [];
  let onData = (): void => undefined;
  const closed = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    socket.on('data', (chunk) => {
      received.push(chunk);
      onData();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      connectionError = error.code ?? error.message;
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(true);
      onData();
    });
  });
  const heard = (isEnough: () => boolean, limitMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      onData = () => {
        if (!socket.destroyed && !isEnough()) return;
        clearTimeout(timer);
        resolve();
      };
      onData();
    });
  await writePieces(socket, whole, pieces);
  if (isGone) socket.destroy();
  else if (changed !== null) {
    await heard(() => readAnswers(Buffer.concat(received), methods).answers.length >= wholeCount, patienceMs);
    const before = received.length;
    await writePieces(socket, changed, pieces);
    await heard(() => received.length > before, changedPatienceMs);
    socket.end();
  }
  const isClosed = await closed;
  socket.destroy();
  const connection = `${Math.round(performance.now() - startedMs)} ms, ${connectionError}`;
  return { received: isClosed ? Buffer.concat(received) : null, connection };
}

async function writePieces(socket: Socket, bytes: Buffer, pieces: number): Promise<void> {
  for (let piece = 0; piece < pieces && !socket.destroyed; piece++) {
    const [from, to] = [piece, piece + 1].map((part) => Math.floor((bytes.length * part) / pieces));
    await new Promise<void>((resolve) => socket.write(bytes.subarray(from, to), () => resolve()));
    if (piece < pieces - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
