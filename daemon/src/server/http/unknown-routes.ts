import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import type { ServerInstance } from './server-instance.ts';

/**
 * Refuses requests without a route, and names the methods that a path supports. Call it before routes are added,
 * because it registers each one as it is added.
 */
export function refuseUnknownRoutes(server: ServerInstance): void {
  const methodsOf = watchRoutes(server);
  server.setNotFoundHandler(async (request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = methodsOf(path);
    if (methods.length === 0) {
      throw new HearthError(
        'ROUTE_NOT_FOUND',
        `Expected a route of Hearth, got ${request.method} ${shorten(path, 200)}.`,
      );
    }
    reply.header('allow', methods.join(', '));
    const message = `Expected ${methods.join(' or ')} for ${shorten(path, 200)}, got ${request.method}.`;
    throw new HearthError('METHOD_NOT_ALLOWED', message);
  });
}

function watchRoutes(server: ServerInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
}
