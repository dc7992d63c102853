import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../errors/hearth-error.ts';

/** No request of ours is longer or deeper; what is walks the stack of whoever looks at it. */
export const maxJsonBytes = 64 * 1024;
const maxDepth = 32;

type Parse = (request: FastifyRequest, body: string, done: (error: Error | null, value?: unknown) => void) => void;

/** Fastify's own parser behind a look at the depth. @throws `REQUEST_INVALID` */
export function parseJsonBody(parse: Parse): Parse {
  return (request, body, done) => {
    if (depthOf(body) > maxDepth) {
      done(new HearthError('REQUEST_INVALID', `Expected JSON of at most ${maxDepth} levels, got more.`));
      return;
    }
    parse(request, body, done);
  };
}

/** How deep brackets go, those in texts aside. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    if (token === ']' || token === '}') depth--;
  }
  return deepest;
}
