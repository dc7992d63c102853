import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import { createFrameReader, type Frame } from './read-frames.ts';

/** Transcriptions that one connection may wait for, and other answers before it is read on. */
const mostOpen = 16;
/** Every event of a transcription carries it. */
const mostIdLength = 200;
/** How long a client may read why its connection ends. */
const lastAnswerMs = 2_000;

/**
 * Answers one client of node-ipc. What it asks goes to the daemon's own HTTP interface, so that every rule and limit there
 * holds here too. A message that is no message ends the connection, with its reason.
 */
export function serveConnection(socket: Socket, daemonSocket: string): void {
  const open = new Map<string, AbortController>();
  const readFrames = createFrameReader();
  /** Answers that are not complete. */
  let unanswered = 0;
  /** While the client has much to read. */
  let reading: PromiseWithResolvers<void> | null = null;
  /** One at a time: each takes a connection that others want, too. */
  let lastState: Promise<unknown> = Promise.resolve();
  socket.on('data', (bytes) => {
    try {
      for (const frame of readFrames(bytes)) {
        unanswered += 1;
        void answer(frame).then(() => {
          unanswered -= 1;
          goOn();
        });
      }
      if (isBehind()) socket.pause();
    } catch (error) {
      // What still comes is dropped, so that the client reads the reason instead of an error of its own.
      socket.removeAllListeners('data').resume();
      socket.end(frameOf('error', { error: toWireError(error) }));
      const timer = setTimeout(() => socket.destroy(), lastAnswerMs).unref();
      socket.on('close', () => clearTimeout(timer));
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('drain', release);
  socket.on('close', () => {
    release();
    for (const each of open.values()) each.abort();
  });

  /** Whether more is asked than the client waits for or reads. */
  function isBehind(): boolean {
    return reading !== null || unanswered - open.size >= mostOpen;
  }

  function goOn(): void {
    if (!isBehind()) socket.resume();
  }

  function release(): void {
    reading?.resolve();
    reading = null;
    goOn();
  }

  function answer({ type, data }: Frame): Promise<void> {
    const asked = (data ?? {}) as Readonly<Record<string, unknown>>;
    const id = typeof asked['id'] === 'string' ? asked['id'].slice(0, mostIdLength) : '';
    return begin(type, id, asked).catch((error: unknown) => send('error', { id, error: toWireError(error) }));
  }

  function begin(type: string, id: string, asked: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      requireShortId(asked['id']);
      if (type === 'transcribe') return transcribe(id, asked);
      if (type === 'status') return askState().then((health) => send('status', { id, health }));
      if (type !== 'cancel') throw noSuchType(type);
      open.get(id)?.abort();
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Not async, nor what calls it: a function that waits for the transcript would hold the recording meanwhile. */
  function transcribe(id: string, asked: Readonly<Record<string, unknown>>): Promise<void> {
    if (open.has(id) || open.size >= mostOpen) {
      throw new HearthError(
        'REQUEST_INVALID',
        `Expected at most ${mostOpen} transcriptions, each with an id of its own.`,
      );
    }
    const request = { ...recordingOf(asked), path: `/v1/transcriptions?${queryOf(asked)}` };
    const abort = new AbortController();
    open.set(id, abort);
    return tellEvents(id, ask({ ...request, signal: abort.signal }), abort.signal).finally(() => open.delete(id));
  }

  async function tellEvents(id: string, answered: Promise<IncomingMessage>, signal: AbortSignal): Promise<void> {
    try {
      const response = await answered;
      if ((response.statusCode ?? 0) >= 400) return await send('error', { id, ...((await json(response)) as object) });
      // One at a time, and no faster than the client reads.
      for await (const line of createInterface({ input: response })) {
        const event = JSON.parse(line) as { readonly type: string };
        await send(event.type, { id, ...event });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      await send('job-cancelled', { id });
    }
  }

  async function send(type: string, data: object): Promise<void> {
    if (!socket.writable || socket.write(frameOf(type, data))) return;
    reading ??= Promise.withResolvers();
    await reading.promise;
  }

  function askState(): Promise<unknown> {
    const state = lastState.then(async () => json(await ask({ path: '/v1/health' })));
    lastState = state.catch(() => undefined);
    return state;
  }

  async function ask({ path, body, type, signal }: Asked): Promise<IncomingMessage> {
    const headers = { host: 'localhost', 'hearth-client': 'node-ipc', accept: 'application/x-ndjson' };
    const sent = httpRequest({
      ...{ socketPath: daemonSocket, path, method: body === undefined ? 'GET' : 'POST' },
      headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
      ...(signal !== undefined && { signal }),
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    // Its end is told by whoever reads it.
    sent.on('error', () => undefined);
    return response;
  }
}

interface Asked {
  readonly path: string;
  readonly body?: string | Buffer;
  readonly type?: string;
  readonly signal?: AbortSignal;
}

/** @throws `REQUEST_INVALID` */
function requireShortId(id: unknown): void {
  if (typeof id !== 'string' || id.length <= mostIdLength) return;
  throw new HearthError('REQUEST_INVALID', `Expected an id of at most ${mostIdLength} characters, got ${id.length}.`);
}

function noSuchType(type: string): HearthError {
  return new HearthError('REQUEST_INVALID', `Expected transcribe, cancel or status, got ${type.slice(0, 40)}.`);
}

/** @throws `REQUEST_INVALID` without one of the two */
function recordingOf({
  path,
  audio,
}: Readonly<Record<string, unknown>>): Pick<Asked, 'body' | 'type'> & { body: string | Buffer } {
  if (typeof path === 'string' && audio === undefined)
    return { body: JSON.stringify({ path }), type: 'application/json' };
  if (typeof audio === 'string' && path === undefined) {
    return { body: Buffer.from(audio, 'base64'), type: 'application/octet-stream' };
  }
  throw new HearthError('REQUEST_INVALID', 'Expected path, or audio as base64, in the data of transcribe.');
}

/** @throws `REQUEST_INVALID` for options that are none, or that ask for another answer than events */
function queryOf({ options = {} }: Readonly<Record<string, unknown>>): string {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new HearthError('REQUEST_INVALID', 'Expected options as an object, got something else.');
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (name === 'format' || name === 'detach') {
      throw new HearthError('OPTION_INVALID', `Expected no ${name}, since the answer is events, got one.`, {
        param: name,
      });
    }
    if (name === 'live') {
      throw new HearthError('OPTION_INVALID', 'Expected no live, since a message holds a whole recording, got one.', {
        param: name,
      });
    }
    for (const item of [value].flat()) {
      if (typeof item === 'object') {
        throw new HearthError(
          'OPTION_INVALID',
          `Expected a value or a list of values for ${name}, got something else.`,
          {
            param: name,
          },
        );
      }
      query.append(name, String(item));
    }
  }
  return query.toString();
}

function frameOf(type: string, data: object): string {
  return `${JSON.stringify({ type, data })}\f`;
}
