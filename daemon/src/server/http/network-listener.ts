import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { addressOf, listenOnNetwork, requireLongToken } from './listen-on-network.ts';
import type { ServerInstance } from './server-instance.ts';

const defaultRetryMs = 5_000;

interface Place {
  readonly listen: string;
  readonly token: string;
}

/** The TCP address in the settings. The socket keeps answering whatever happens to this listener. */
export interface NetworkListener {
  /** Listens where the settings say and stops listening at the old address. @throws `SETTINGS_INVALID` without a good token */
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
  let place: Place = { listen: '', token: '' };
  let listener: Server | null = null;
  let problem: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function open(wanted: Place): Promise<void> {
    try {
      const opened = await listenOnNetwork(server, { address: wanted.listen, token: wanted.token });
      if (place !== wanted) return await end(opened);
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

  return {
    async use(wanted) {
      if (wanted.listen !== '') requireLongToken(wanted.token);
      // The token is read from the settings for every request.
      if (wanted.listen === place.listen) return;
      place = { listen: wanted.listen, token: wanted.token };
      // Requests at the old address are still answered, but nothing waits for them.
      void close();
      if (wanted.listen !== '') await open(place);
    },
    address: () => (listener === null ? null : addressOf(listener)),
    warnings: () => (problem === null ? [] : [`${problem} The socket keeps working.`]),
    async close() {
      place = { listen: '', token: '' };
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
