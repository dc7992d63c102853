import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Settings } from '../../settings/settings-schema.ts';
import { addressOf, listenOnNetwork, requireLongToken } from './listen-on-network.ts';
import { closeNetworkWebSockets } from './realtime/realtime-route.ts';
import type { ServerInstance } from './server-instance.ts';

const defaultRetryMs = 5_000;

type Place = Readonly<Pick<Settings, 'listen' | 'token'>> & { readonly allowedOrigins: readonly string[] };

/** The TCP address in the settings. The socket keeps answering whatever happens to this listener. */
export interface NetworkListener {
  /**
   * Listens where the settings say and stops listening at the old address. Connections that were opened there or with
   * other rights are closed. @throws `SETTINGS_INVALID` without a good token
   */
  use(place: Place): Promise<void>;
  /** Where it is listening now; null if it is not. */
  address(): string | null;
  warnings(): readonly string[];
  close(): Promise<void>;
  /** Closes the connections of clients that do not read their last answer. */
  closeAllConnections(): void;
}

export interface NetworkListenerRequest {
  readonly server: ServerInstance;
  readonly log: Logger;
  readonly retryMs?: number;
}

/** If an address cannot be used, for example because another program has its port, it is retried. */
export function createNetworkListener({
  server,
  log,
  retryMs = defaultRetryMs,
}: NetworkListenerRequest): NetworkListener {
  const nowhere: Place = { listen: '', token: '', allowedOrigins: [] };
  let place = nowhere;
  /** Who may connect. */
  let rights = '';
  const connections = new Set<Socket>();
  let listener: Server | null = null;
  let problem: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function open(wanted: Place): Promise<void> {
    try {
      const opened = await listenOnNetwork(server, { address: wanted.listen, token: wanted.token });
      if (place !== wanted) return await end(opened);
      opened.on('connection', (socket) => {
        connections.add(socket);
        socket.once('close', () => connections.delete(socket));
      });
      // They say goodbye before they are closed.
      opened.on('upgrade', (_request, socket: Socket) => connections.delete(socket));
      listener = opened;
      problem = null;
      log.info({ address: wanted.listen }, 'listening on TCP');
    } catch (error) {
      if (place !== wanted) return;
      const { message } = error as Error;
      if (problem !== message) log.warn({ err: error }, 'not listening on TCP');
      problem = message;
      timer = setTimeout(() => void open(wanted), retryMs).unref();
    }
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    const last = listener;
    listener = null;
    problem = null;
    if (last !== null) await end(last);
  }

  function disconnect(): void {
    closeNetworkWebSockets(server);
    for (const socket of connections) socket.destroy();
  }

  return {
    async use(wanted) {
      if (wanted.listen !== '') requireLongToken(wanted.token);
      const isSamePlace = wanted.listen === place.listen;
      // Each request is compared with the settings. Those that are being answered have passed.
      const wantedRights = JSON.stringify([wanted.token, wanted.allowedOrigins]);
      if (!isSamePlace || wantedRights !== rights) disconnect();
      rights = wantedRights;
      if (isSamePlace) return;
      place = wanted;
      void close();
      if (wanted.listen !== '') await open(place);
    },
    address: () => (listener === null ? null : addressOf(listener)),
    warnings: () => (problem === null ? [] : [`${problem} The socket keeps working.`]),
    async close() {
      place = nowhere;
      await close();
    },
    closeAllConnections: () => listener?.closeAllConnections(),
  };
}

async function end(listener: Server): Promise<void> {
  const closed = once(listener, 'close');
  listener.close();
  listener.closeIdleConnections();
  await closed;
}
