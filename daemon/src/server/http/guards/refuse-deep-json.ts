import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { isShallow, mostLevels } from '../../../errors/is-shallow.ts';

/** Refuses a body whose JSON is nested too deeply before it is checked with its schema. @throws `REQUEST_INVALID` */
export async function refuseDeepJson({ body }: FastifyRequest): Promise<void> {
  if (!(body instanceof Readable)) requireShallow(body);
}

/** @throws `REQUEST_INVALID` for a value that is nested too deeply */
export function requireShallow(value: unknown): void {
  if (isShallow(value)) return;
  throw new HearthError('REQUEST_INVALID', `Expected JSON of at most ${mostLevels} levels, got more.`, {
    hint: 'Send a flat object, as the API document describes it.',
  });
}
