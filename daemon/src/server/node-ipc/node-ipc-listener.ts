import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { serveConnection } from './serve-connection.ts';

/** Each may hold one message that is still coming. */
const mostConnections = 8;

/** The second socket, for programs that speak node-ipc's framing; there only while the setting `nodeIpc` is on. */
export interface NodeIpcListener {
  use(isWanted: boolean): Promise<void>;
  /** Why programs cannot connect although the setting wants it; null if they can. */
  warning(): string | null;
}

export interface NodeIpcListenerRequest {
  readonly path: string;
  readonly daemonSocket: string;
  /** Has the socket made in its place; returns what removes it. */
  readonly placeSocket: (path: string, listen: (path: string) => Promise<unknown>) => Promise<() => void>;
}

export function createNodeIpcListener({ path, daemonSocket, placeSocket }: NodeIpcListenerRequest): NodeIpcListener {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let removeSocket = () => {};
  let isRefused = false;

  async function open(): Promise<void> {
    const opened = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      serveConnection(socket, daemonSocket);
    });
    opened.maxConnections = mostConnections;
    removeSocket = await placeSocket(path, (place) => once(opened.listen(place), 'listening'));
    server = opened;
  }

  return {
    async use(isWanted) {
      isRefused = isWanted && server === null;
      if (isRefused) await open();
      isRefused = false;
      if (isWanted || server === null) return;
      removeSocket();
      server.close();
      server = null;
      for (const socket of sockets) socket.destroy();
    },
    warning: () =>
      isRefused
        ? `Programs that use node-ipc cannot connect: no socket could be opened at ${path}. The log says why. Mend that, then restart the daemon.`
        : null,
  };
}
