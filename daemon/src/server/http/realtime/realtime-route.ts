import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import { clientOf } from '../client-of.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import { acceptLiveJob } from '../live/accept-live-job.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';
import { createRealtimeSession } from './realtime-session.ts';

/** OpenAI's own limit for a piece of sound, in base64. */
const mostMessageBytes = 20 * 1024 * 1024;
/** Messages that wait until those before them are on disk; one more may come, whatever its length. */
const mostWaiting = { messages: 64, bytes: 4 * 1024 * 1024 };
/** Events that a client has not read, in bytes; one that reads no further is not listened to. */
const mostUnreadBytes = 1024 * 1024;
/** Connections, also those that send nothing: others want theirs. */
const mostConnections = 64;
const pingEveryMs = 30_000;
/** WebSocket's codes for a server that has too much to do, and for one that stops. */
const tryAgainLater = 1013;
const goingAway = 1001;
/** How long a client of a stopping daemon may take to say goodbye. */
const closeWithinMs = 1_000;

type RealtimeServices = Pick<Services, 'jobs' | 'models' | 'spool' | 'log'>;

/** Lets requests become WebSockets; before all hooks and routes. */
export async function acceptWebSockets(server: ServerInstance): Promise<void> {
  await server.register(websocket, {
    options: { maxPayload: mostMessageBytes },
    preClose(done) {
      for (const client of server.websocketServer.clients) {
        client.close(goingAway);
        setTimeout(() => client.terminate(), closeWithinMs).unref();
      }
      done();
    },
  });
}

/** `GET /v1/realtime`: OpenAI's Realtime protocol for transcription, over a WebSocket. */
export function addRealtimeRoute(server: ServerInstance, services: RealtimeServices): void {
  let connections = 0;
  server.get('/v1/realtime', { websocket: true }, (socket, request) => {
    if (connections >= mostConnections) {
      socket.close(tryAgainLater, 'As many connections are open as may be at a time.');
      return;
    }
    connections += 1;
    socket.once('close', () => {
      connections -= 1;
    });
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
  const ping = setInterval(() => socket.ping(), pingEveryMs).unref();
  socket.once('close', () => {
    clearInterval(ping);
    inTurn(() => session.close());
  });
}
