import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface BreakingSocket {
  /** Breaks every connection that has carried so many bytes to the daemon; how many there were. */
  breakBusy(bytes: number): number;
  close(): void;
}

/** Stands between a client and a daemon, and breaks connections when it is told to. */
export async function startBreakingSocket(socketPath: string, daemonSocketPath: string): Promise<BreakingSocket> {
  const open = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const daemon = connect(daemonSocketPath);
    const both = [client, daemon] as const;
    open.add(both);
    for (const [one, other] of [both, [daemon, client] as const]) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        open.delete(both);
      });
    }
  });
  await once(server.listen(socketPath), 'listening');

  return {
    breakBusy(bytes) {
      const busy = [...open].filter(([client]) => client.bytesRead >= bytes);
      for (const [client, daemon] of busy) {
        client.destroy();
        daemon.destroy();
      }
      return busy.length;
    },
    close() {
      server.close();
      for (const [client] of open) client.destroy();
    },
  };
}
