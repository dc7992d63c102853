import { errorCodes } from '../../errors/error-codes.ts';
import type { WireError } from '../../errors/wire-error.ts';

/** The body of a failing answer. OpenAI's clients read `message`, `type`, `param` and `code` on every route. */
export function errorAnswer({ code, message, hint }: WireError, param: string | null = null) {
  const type = errorCodes[code].status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { code, message, hint, type, param } } as const;
}
