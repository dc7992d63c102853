import type { FastifyReply, FastifyRequest } from 'fastify';

/** Methods of our routes, and what a page may read of an answer beside its body and its type. */
const methods = 'GET, POST, DELETE';
const readableHeaders = 'hearth-version, x-request-id, location, retry-after, allow, www-authenticate, mcp-session-id';
/** How long a browser may remember an answer, so that it does not ask before every request. */
const rememberSeconds = 600;

/** Whether the settings allow an origin: it is listed, or its scheme is, as `vscode-webview://*`. */
export function isAllowedOrigin(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return false;
  return allowed.includes(origin) || allowed.includes(`${origin.replace(/:\/\/.*$/s, '')}://*`);
}

/**
 * Tells browsers that pages of allowed origins may ask and read (CORS). It answers their preflights, which have no token;
 * those of other origins are refused as every request of theirs is. Cookies are never allowed: the token is all that counts.
 */
export function allowOrigins(allowed: () => readonly string[]) {
  return async ({ method, headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (allowed().length === 0) return undefined;
    reply.header('vary', 'Origin');
    const { origin } = headers;
    if (origin === undefined || !isAllowedOrigin(origin, allowed())) return undefined;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', readableHeaders);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
    const wanted = headers['access-control-request-headers'];
    reply.header('access-control-allow-methods', methods);
    if (wanted !== undefined) reply.header('access-control-allow-headers', wanted);
    // Chrome asks so before a page of the internet reaches this machine.
    if (headers['access-control-request-private-network'] === 'true') {
      reply.header('access-control-allow-private-network', 'true');
    }
    reply.header('access-control-max-age', rememberSeconds);
    return reply.code(204).send();
  };
}
