import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';

/** None of our requests is deeper. Writing or describing a value with thousands of levels overflows the stack. */
const mostLevels = 32;

/** Refuses a body whose JSON is nested too deeply before it is checked with its schema. @throws `REQUEST_INVALID` */
export async function refuseDeepJson({ body }: FastifyRequest): Promise<void> {
  if (!(body instanceof Readable)) requireShallow(body);
}

/** @throws `REQUEST_INVALID` for a value that is nested too deeply */
export function requireShallow(value: unknown): void {
  let level = [value];
  for (let depth = 0; depth < mostLevels; depth++) level = level.flatMap(membersOf);
  if (!level.some(isNested)) return;
  throw new HearthError('REQUEST_INVALID', `Expected JSON of at most ${mostLevels} levels, got more.`, {
    hint: 'Send a flat object, as the API document describes it.',
  });
}

function membersOf(value: unknown): readonly unknown[] {
  return isNested(value) ? Object.values(value) : [];
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
