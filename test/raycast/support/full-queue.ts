import { once } from 'node:events';
import { createServer } from 'node:http';

export interface FullQueue {
  /** Names of the recordings that were handed in and refused, each once. */
  names(): string[];
  close(): void;
}

/** A daemon that answers, and whose queue has no room: `QUEUE_FULL`, 503, as docs/protocol.md describes it. */
export async function startFullQueue(socketPath: string): Promise<FullQueue> {
  const names = new Set<string>();
  const server = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    request.resume();
    if (request.method !== 'POST') {
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{"models":[]}');
      return;
    }
    if (pathname === '/v1/transcriptions') names.add(searchParams.get('name') ?? '');
    const error = { code: 'QUEUE_FULL', message: 'The queue is full: 200 jobs are waiting.', hint: 'Try again later.' };
    answer.writeHead(503, { 'content-type': 'application/json', 'retry-after': '5' }).end(JSON.stringify({ error }));
  });
  await once(server.listen(socketPath), 'listening');
  return {
    names: () => [...names],
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
