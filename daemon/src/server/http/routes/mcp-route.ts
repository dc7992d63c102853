import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { clientOf } from '../client-of.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import type { McpServices } from '../mcp/daemon-access.ts';
import type { McpOverHttp } from '../mcp/serve-mcp.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';
import { whenGone } from '../when-gone.ts';

/** `/mcp`: the MCP server, if the settings turn it on. Its messages are described by the protocol, not by our document. */
export function addMcpRoute(
  server: ServerInstance,
  { isMcpOn, ...services }: McpServices & Pick<Services, 'isMcpOn'>,
): void {
  let serving: Promise<McpOverHttp> | undefined;

  async function requireOn(): Promise<void> {
    if (isMcpOn()) return;
    throw new HearthError('ROUTE_NOT_FOUND', 'The MCP server is turned off.', {
      hint: 'Set `mcp` to true in the settings, or have the client run `hearth mcp`.',
    });
  }

  server.route({
    method: ['POST', 'DELETE'],
    url: '/mcp',
    schema: { hide: true },
    config: { longAnswer: 'transcript' },
    onRequest: requireOn,
    async handler(request, reply) {
      // Loaded for those who use it: it takes memory.
      serving ??= import('../mcp/serve-mcp.ts').then(({ serveMcp }) => serveMcp(services));
      const body = request.body instanceof Readable ? undefined : request.body;
      const gone = new AbortController();
      whenGone(reply, () => gone.abort());
      const call = { body, gone: gone.signal, client: clientOf(request), isFromNetwork: isFromNetwork(request) };
      return sendResponse(reply, await (await serving).handle(toWebRequest(request, gone.signal), call));
    },
  });
  server.addHook('onClose', async () => (await serving)?.close());
}

function toWebRequest({ method, headers }: FastifyRequest, signal: AbortSignal): Request {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  return new Request('http://localhost/mcp', { method, headers: lines, signal });
}

function sendResponse(reply: FastifyReply, { status, headers, body }: Response): FastifyReply {
  reply.code(status);
  for (const [name, value] of headers) reply.header(name, value);
  return reply.send(body === null ? '' : Readable.fromWeb(body as ReadableStream));
}
