import type { IncomingMessage } from 'node:http';
import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import { errorCodes } from '../../../errors/error-codes.ts';
import { HearthError } from '../../../errors/hearth-error.ts';
import { toWireError } from '../../../protocol/wire-error.ts';
import { clientOf } from '../client-of.ts';
import { errorBody, retryAfterSeconds } from '../error-answers.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { isFromNetwork, isNetworkConnection } from '../guards/require-token.ts';
import { acceptLiveJob } from '../live/accept-live-job.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';
import { createRealtimeConnections, type RealtimeConnections, type RealtimeLimits } from './realtime-connections.ts';
import { createRealtimeSession } from './realtime-session.ts';

/** OpenAI's own limit for a piece of sound, in base64. */
const mostMessageBytes = 20 * 1024 * 1024;
/** Messages that wait until those before them are on disk; one more may come, whatever its length. */
const mostWaiting = { messages: 64, bytes: 4 * 1024 * 1024 };
/** Events that a client has not read, in bytes; one that reads no further is not listened to. */
const mostUnreadBytes = 1024 * 1024;
const realtimePath = '/v1/realtime';
const connectionsOf = new WeakMap<ServerInstance, RealtimeConnections>();

type RealtimeServices = Pick<Services, 'jobs' | 'models' | 'spool' | 'log'>;

/** Lets requests become WebSockets; before all hooks and routes. */
export async function acceptWebSockets(server: ServerInstance, limits?: RealtimeLimits): Promise<void> {
  const connections = createRealtimeConnections(server, limits);
  connectionsOf.set(server, connections);
  await server.register(websocket, {
    options: {
      maxPayload: mostMessageBytes,
      // After the hooks. A WebSocket that is accepted and closed waits half a minute for its client.
      verifyClient({ req }: { readonly req: IncomingMessage }, answer: AnswerUpgrade) {
        const refusal = wrongPath(req) ?? connections.refusal(isNetworkConnection(req.socket));
        if (refusal === null) return answer(true);
        const { status } = errorCodes[refusal.code];
        const headers = {
          'content-type': 'application/json; charset=utf-8',
          ...(status === 503 && { 'retry-after': String(retryAfterSeconds) }),
        };
        answer(false, status, JSON.stringify(errorBody(toWireError(refusal))), headers);
      },
    },
    preClose(done) {
      connections.closeAll();
      done();
    },
  });
}

/** Closes the WebSockets that came over the network. */
export function closeNetworkWebSockets(server: ServerInstance): void {
  connectionsOf.get(server)?.closeNetwork();
}

type AnswerUpgrade = (isAllowed: boolean, status?: number, body?: string, headers?: Record<string, string>) => void;

function wrongPath({ url = '' }: IncomingMessage): HearthError | null {
  if (url.replace(/[?#].*/s, '') === realtimePath) return null;
  return new HearthError('REQUEST_INVALID', `Expected a request without an upgrade, or one for ${realtimePath}.`, {
    hint: 'Leave the header Upgrade out.',
  });
}

/** `GET /v1/realtime`: OpenAI's Realtime protocol for transcription, over a WebSocket. */
export function addRealtimeRoute(server: ServerInstance, services: RealtimeServices): void {
  server.get(realtimePath, { websocket: true }, (socket, request) => {
    connectionsOf.get(server)?.watch(socket, request.socket, isFromNetwork(request));
    talk(socket, request, services);
  });
}

function talk(socket: WebSocket, request: FastifyRequest, { jobs, models, spool, log }: RealtimeServices): void {
  const waiting = { messages: 0, bytes: 0 };
  let unreadBytes = 0;
  const isBehind = () =>
    waiting.messages >= mostWaiting.messages || waiting.bytes >= mostWaiting.bytes || unreadBytes >= mostUnreadBytes;
  const goOn = () => {
    if (!isBehind()) socket.resume();
  };
  const session = createRealtimeSession({
    isBeta: /realtime=v1/.test(String(request.headers['openai-beta'] ?? '')),
    send(event) {
      const text = JSON.stringify(event);
      unreadBytes += text.length;
      socket.send(text, () => {
        unreadBytes -= text.length;
        goOn();
      });
    },
    begin({ raw, turns, options }) {
      refuseModelPath(request, options.model);
      const client = clientOf(request);
      const about = { client, isFromNetwork: isFromNetwork(request), name: null, kept: true };
      return acceptLiveJob({ jobs, models, spool }, { ...about, raw, turns, options });
    },
  });
  let work: Promise<void> = Promise.resolve();
  const inTurn = (action: () => Promise<void>) => {
    work = work.then(action).catch((error: unknown) => {
      log.error({ err: error }, 'realtime session failed');
      socket.close();
    });
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    // One that is being closed may still send.
    if (socket.readyState !== socket.OPEN) return;
    waiting.messages += 1;
    waiting.bytes += data.length;
    if (isBehind()) socket.pause();
    inTurn(async () => {
      await session.receive(isBinary ? '' : data.toString());
      waiting.messages -= 1;
      waiting.bytes -= data.length;
      if (isBehind()) socket.pause();
      else socket.resume();
    });
  });
  socket.once('close', () => inTurn(() => session.close()));
}
