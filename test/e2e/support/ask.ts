import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array | Readable;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON. */
  json<Body>(): Body;
  /** The error code that the body carries. */
  readonly errorCode: string | undefined;
}

/** One HTTP request over a Unix socket, as any client makes it. */
export async function ask(socketPath: string, asked: Ask): Promise<Answer> {
  const { method = asked.body === undefined ? 'GET' : 'POST', path, headers, body } = asked;
  // A connection of its own: one that is kept can be closed by the daemon in the moment in which it is used again.
  const agent = new Agent({ keepAlive: true });
  const sent = request({ socketPath, agent, method, path, headers: { host: 'localhost', ...headers } });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    if (!(body instanceof Readable)) {
      sent.end(body);
      return;
    }
    sent.flushHeaders();
    body.pipe(sent);
  });
  const received = await text(response);
  // An answer that came before the end of the body says that the rest is not wanted.
  if (!sent.writableFinished) sent.destroy();
  agent.destroy();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: received,
    json: () => JSON.parse(received),
    errorCode: response.headers['content-type']?.includes('json') ? errorCodeIn(received) : undefined,
  };
}

function errorCodeIn(received: string): string | undefined {
  const lastLine = received.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(lastLine) as { error?: { code?: string } }).error?.code;
}
