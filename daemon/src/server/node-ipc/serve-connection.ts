import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import { createFrameReader, type Frame } from './read-frames.ts';

/** Transcriptions that one connection may wait for. */
const mostOpen = 16;
/** How long a client may read why its connection ends. */
const lastAnswerMs = 2_000;

/**
 * Answers one client of node-ipc. What it asks goes to the daemon's own HTTP interface, so that every rule and limit there
 * holds here too. A message that is no message ends the connection, with its reason.
 */
export function serveConnection(socket: Socket, daemonSocket: string): void {
  const open = new Map<string, AbortController>();
  const readFrames = createFrameReader();
  socket.on('data', (bytes) => {
    try {
      for (const frame of readFrames(bytes)) void answer(frame);
    } catch (error) {
      // What still comes is dropped, so that the client reads the reason instead of an error of its own.
      socket.removeAllListeners('data').resume();
      socket.end(frameOf('error', { error: toWireError(error) }));
      const timer = setTimeout(() => socket.destroy(), lastAnswerMs).unref();
      socket.on('close', () => clearTimeout(timer));
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const each of open.values()) each.abort();
  });

  async function answer({ type, data }: Frame): Promise<void> {
    const asked = (data ?? {}) as Readonly<Record<string, unknown>>;
    const id = typeof asked['id'] === 'string' ? asked['id'] : '';
    try {
      if (type === 'transcribe') await transcribe(id, asked);
      else if (type === 'cancel') open.get(id)?.abort();
      else if (type === 'status') await send('status', { id, health: await json(await ask({ path: '/v1/health' })) });
      else throw new HearthError('REQUEST_INVALID', `Expected transcribe, cancel or status, got ${type.slice(0, 40)}.`);
    } catch (error) {
      await send('error', { id, error: toWireError(error) });
    }
  }

  async function transcribe(id: string, asked: Readonly<Record<string, unknown>>): Promise<void> {
    if (open.has(id) || open.size >= mostOpen) {
      throw new HearthError(
        'REQUEST_INVALID',
        `Expected at most ${mostOpen} transcriptions, each with an id of its own.`,
      );
    }
    const abort = new AbortController();
    open.set(id, abort);
    try {
      const response = await ask({
        ...recordingOf(asked),
        path: `/v1/transcriptions?${queryOf(asked)}`,
        signal: abort.signal,
      });
      if ((response.statusCode ?? 0) >= 400) return await send('error', { id, ...((await json(response)) as object) });
      // One at a time, and no faster than the client reads.
      for await (const line of createInterface({ input: response })) {
        const event = JSON.parse(line) as { readonly type: string };
        await send(event.type, { id, ...event });
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error;
      await send('job-cancelled', { id });
    } finally {
      open.delete(id);
    }
  }

  async function send(type: string, data: object): Promise<void> {
    if (socket.writable && !socket.write(frameOf(type, data))) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    }
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

function queryOf({ options = {} }: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options as object)) {
    for (const item of [value].flat()) query.append(name, String(item));
  }
  return query.toString();
}

function frameOf(type: string, data: object): string {
  return `${JSON.stringify({ type, data })}\f`;
}
