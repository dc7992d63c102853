import { type ErrorCode, errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleLines } from '../errors/visible-text.ts';
import type { WireErrorSchema } from './error-answer.ts';
import type { Shape } from './schema-parts.ts';

/** An error as it crosses a process or the socket. */
export interface WireError extends Shape<typeof WireErrorSchema> {}

/** Turns anything thrown, the addon's errors included, into a wire error; what has no code of ours becomes `INTERNAL`. */
export function toWireError(thrown: unknown): WireError {
  const { code, message, hint } = (thrown ?? {}) as { code?: unknown; message?: unknown; hint?: unknown };
  const known: ErrorCode = typeof code === 'string' && code in errorCodes ? (code as ErrorCode) : 'INTERNAL';
  return {
    code: known,
    message: visibleLines(typeof message === 'string' ? message : String(thrown)),
    hint: visibleLines(typeof hint === 'string' ? hint : errorCodes[known].hint),
  };
}

export function fromWireError(error: WireError): HearthError {
  return new HearthError(error.code, error.message, { hint: error.hint });
}
