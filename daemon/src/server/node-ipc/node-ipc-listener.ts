import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
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
  /** Removes the socket that a dead daemon left, and nothing else. */
  readonly clearSocket: (path: string) => Promise<void>;
}

export function createNodeIpcListener({ path, daemonSocket, clearSocket }: NodeIpcListenerRequest): NodeIpcListener {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let isRefused = false;

  async function open(): Promise<void> {
    await clearSocket(path);
    const opened = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      serveConnection(socket, daemonSocket);
    });
    opened.maxConnections = mostConnections;
    opened.listen(path);
    await once(opened, 'listening');
    await chmod(path, 0o600);
    server = opened;
  }

  return {
    async use(isWanted) {
      isRefused = isWanted && server === null;
      if (isRefused) await open();
      isRefused = false;
      if (isWanted || server === null) return;
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
