import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import { HearthError } from '../../../errors/hearth-error.ts';
import type { ServerInstance } from '../server-instance.ts';

export interface RealtimeLimits {
  /** After how long without a message a connection gives way to who needs its place. */
  readonly idleMs: number;
  /** A peer that has neither sent anything nor answered between two of them is gone. */
  readonly pingEveryMs: number;
  /** Bytes of messages that are still coming, of all connections together. */
  readonly mostUnfinishedBytes: number;
}

export const defaultRealtimeLimits: RealtimeLimits = {
  idleMs: 5_000,
  pingEveryMs: 30_000,
  mostUnfinishedBytes: 64 * 1024 * 1024,
};

/** Connections, also those that send nothing: others want theirs. */
const mostConnections = 64;
/** The network has at most this part of them. */
const partOfNetwork = 1 / 2;
/** WebSocket's codes for a server that stops, and for a client that may not go on. */
const [goingAway, policyViolation] = [1001, 1008];
/** The head of a client's ping or pong. */
const controlBytes = 6;
/** How long a client may take to say goodbye. */
const closeWithinMs = 1_000;

/** The WebSockets of a server, none of which keeps others out. */
export interface RealtimeConnections {
  /** Makes room for one more, if one that is silent can give way; else why there is none. */
  refusal(isFromNetwork: boolean): HearthError | null;
  /** Looks after a connection from now on. */
  watch(client: WebSocket, connection: Socket, isFromNetwork: boolean): void;
  /** Closes those that came over the network: their token, or the address, is no longer that of the settings. */
  closeNetwork(): void;
  closeAll(): void;
}

interface Watched {
  readonly isFromNetwork: boolean;
  /** When it last sent a whole message, or began. */
  saidMs: number;
  /** When it last sent anything. */
  sentMs: number;
  unfinishedBytes: number;
}

export function createRealtimeConnections(
  server: ServerInstance,
  { idleMs, pingEveryMs, mostUnfinishedBytes }: RealtimeLimits = defaultRealtimeLimits,
): RealtimeConnections {
  const watched = new Map<WebSocket, Watched>();
  /** One that is being closed counts no more. */
  const open = () => [...server.websocketServer.clients].filter((client) => client.readyState === client.OPEN);

  function hasRoom(clients: readonly WebSocket[], most: number): boolean {
    if (clients.length < most) return true;
    const silent = clients
      .map((client) => ({ client, sinceMs: watched.get(client)?.saidMs ?? Number.POSITIVE_INFINITY }))
      .filter(({ sinceMs }) => performance.now() - sinceMs >= idleMs)
      .sort((one, other) => one.sinceMs - other.sinceMs);
    silent[0]?.client.terminate();
    return silent.length > 0;
  }

  /** Those that go on keep what they have sent; the one that has stood still for the longest time goes. */
  function boundUnfinished(): void {
    const unfinished = [...watched].filter(([, { unfinishedBytes }]) => unfinishedBytes > 0);
    const total = unfinished.reduce((sum, [, { unfinishedBytes }]) => sum + unfinishedBytes, 0);
    if (total <= mostUnfinishedBytes) return;
    const [stillest] = unfinished
      .filter(([, { unfinishedBytes }]) => unfinishedBytes >= mostUnfinishedBytes / mostConnections)
      .sort(([, one], [, other]) => one.sentMs - other.sentMs);
    stillest?.[0].terminate();
  }

  function closeSoon(client: WebSocket, code: number): void {
    client.close(code);
    setTimeout(() => client.terminate(), closeWithinMs).unref();
  }

  return {
    refusal(isFromNetwork) {
      const ofNetwork = open().filter((client) => watched.get(client)?.isFromNetwork === true);
      const mostOfNetwork = mostConnections * partOfNetwork;
      if (isFromNetwork && !hasRoom(ofNetwork, mostOfNetwork)) return refusal('The network has', mostOfNetwork);
      return hasRoom(open(), mostConnections) ? null : refusal('There are', mostConnections);
    },
    watch(client, connection, isFromNetwork) {
      const now = performance.now();
      const about: Watched = { isFromNetwork, saidMs: now, sentMs: now, unfinishedBytes: 0 };
      watched.set(client, about);
      let hasSent = true;
      connection.on('data', ({ length }: Buffer) => {
        hasSent = true;
        about.sentMs = performance.now();
        about.unfinishedBytes += length;
        boundUnfinished();
      });
      client.on('message', () => {
        about.saidMs = performance.now();
        about.unfinishedBytes = 0;
      });
      // They come between messages, or between the parts of one.
      for (const type of ['ping', 'pong'] as const) {
        client.on(type, ({ length }: Buffer) => {
          about.unfinishedBytes = Math.max(0, about.unfinishedBytes - length - controlBytes);
        });
      }
      const ping = setInterval(() => {
        // One that is not listened to cannot answer either.
        if (!hasSent && !client.isPaused) client.terminate();
        hasSent = false;
        client.ping();
      }, pingEveryMs).unref();
      client.once('close', () => {
        clearInterval(ping);
        watched.delete(client);
      });
    },
    closeNetwork() {
      for (const client of open()) {
        if (watched.get(client)?.isFromNetwork === true) closeSoon(client, policyViolation);
      }
    },
    closeAll() {
      for (const client of server.websocketServer.clients) closeSoon(client, goingAway);
    },
  };
}

function refusal(whose: string, count: number): HearthError {
  return new HearthError(
    'QUEUE_FULL',
    `${whose} ${count} Realtime connections, which is as many as may be at a time.`,
    {
      hint: 'Close some of them, or try again later.',
    },
  );
}
