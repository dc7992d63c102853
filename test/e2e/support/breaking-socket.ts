import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface BreakingSocket {
  /** How many connections it has broken. */
  breaks(): number;
  close(): void;
}

export interface BreakingSocketRequest {
  readonly socketPath: string;
  readonly daemonSocketPath: string;
  /** A connection breaks when it has carried so much to the daemon; so many do. */
  readonly afterBytes: number;
  readonly times: number;
}

/** Stands between a client and a daemon, and breaks connections. */
export async function startBreakingSocket(request: BreakingSocketRequest): Promise<BreakingSocket> {
  const { socketPath, daemonSocketPath, afterBytes, times } = request;
  const clients = new Set<Socket>();
  let breaks = 0;
  const server = createServer((client) => {
    const daemon = connect(daemonSocketPath);
    clients.add(client);
    client.on('data', () => {
      if (breaks >= times || client.bytesRead < afterBytes || client.destroyed) return;
      breaks += 1;
      client.destroy();
      daemon.destroy();
    });
    client.pipe(daemon);
    daemon.pipe(client);
    client.on('error', () => daemon.destroy());
    daemon.on('error', () => client.destroy());
    client.on('close', () => {
      daemon.destroy();
      clients.delete(client);
    });
    daemon.on('close', () => client.destroy());
  });
  await once(server.listen(socketPath), 'listening');
  return {
    breaks: () => breaks,
    close() {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}
