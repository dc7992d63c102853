import { type ErrorCode, errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { shorten } from '../errors/shorten.ts';
import { visibleLines } from '../errors/visible-text.ts';
import type { WireErrorSchema } from './error-answer.ts';
import type { Shape } from './schema-parts.ts';

/** It may quote an outside value. */
const mostMessageLength = 2000;

/** An error as it is sent between processes or over the socket. */
export interface WireError extends Shape<typeof WireErrorSchema> {}

/**
 * Turns anything thrown, including the addon's errors, into a wire error. An error without a code of ours becomes
 * `INTERNAL` with our own words; its message is for the log (`isUnexpected`).
 */
export function toWireError(thrown: unknown): WireError {
  if (isUnexpected(thrown)) {
    const { hint } = errorCodes.INTERNAL;
    return { code: 'INTERNAL', message: `Hearth met an error that it does not expect (${kindOf(thrown)}).`, hint };
  }
  const { code, message, hint } = thrown as { code: ErrorCode; message?: unknown; hint?: unknown };
  return {
    code,
    message: visibleLines(typeof message === 'string' ? shorten(message, mostMessageLength) : errorCodes[code].meaning),
    hint: visibleLines(typeof hint === 'string' ? hint : errorCodes[code].hint),
  };
}

/** Whether something thrown has no code of ours. */
export function isUnexpected(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code !== 'string' || !(code in errorCodes);
}

/** The system's code, such as `ENOENT`, or the kind of error, such as `TypeError`. */
function kindOf(thrown: unknown): string {
  const { code, name } = (thrown ?? {}) as { code?: unknown; name?: unknown };
  return [code, name].find((each) => typeof each === 'string' && /^\w{1,60}$/.test(each))?.toString() ?? typeof thrown;
}

export function fromWireError(error: WireError): HearthError {
  return new HearthError(error.code, error.message, { hint: error.hint });
}
