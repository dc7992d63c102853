import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';

/**
 * Refuses numbers such as 1e999, after the check with the schema: that makes Infinity of their text, and compares only
 * finite numbers with its limits.
 * @throws `OPTION_INVALID` for the query, `REQUEST_INVALID` for the body
 */
export async function refuseInfinity({ query, body }: FastifyRequest): Promise<void> {
  requireFinite(query, 'OPTION_INVALID', 'option');
  if (!(body instanceof Readable)) requireFinite(body, 'REQUEST_INVALID', 'value');
}

function requireFinite(values: unknown, code: 'OPTION_INVALID' | 'REQUEST_INVALID', noun: string): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    const numbers = [value].flat().filter((each) => typeof each === 'number');
    if (numbers.every(Number.isFinite)) continue;
    throw new HearthError(code, `Expected ${noun} ${name} to be a number that a computer can hold, got a larger one.`);
  }
}
