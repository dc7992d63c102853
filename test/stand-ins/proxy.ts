import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface StandInProxy {
  /** As it is given to programs, with the password if it wants one. */
  readonly address: string;
  readonly host: string;
  /** The places that it was asked to connect to. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface ProxyManners {
  /** What it wants as `user:password`. */
  readonly credentials?: string;
  /** What it answers instead of connecting. */
  readonly refusal?: number;
}

/** A proxy that connects to what it is asked for (RFC 9110, 9.3.6) and answers nothing else. */
export async function startStandInProxy({ credentials, refusal }: ProxyManners = {}): Promise<StandInProxy> {
  const asked: string[] = [];
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((_, response) => void response.writeHead(405).end());
  const tunnels = new Set<{ destroy(): void }>();
  server.on('connect', (request, client, head) => {
    const place = request.url ?? '';
    client.on('error', () => undefined);
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
    }
    asked.push(place);
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
    const target = connect(Number(place.split(':').at(-1)), place.replace(/:\d+$/, ''), () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    for (const end of [client, target]) tunnels.add(end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ host, asked },
    address: `http://${credentials === undefined ? '' : `${credentials}@`}${host}`,
    close: async () => {
      for (const end of tunnels) end.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
