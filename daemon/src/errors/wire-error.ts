import { type ErrorCode, errorCodes } from './error-codes.ts';
import { HearthError } from './hearth-error.ts';
import { visibleLines } from './visible-text.ts';

/** An error as it crosses a process or the socket. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

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
