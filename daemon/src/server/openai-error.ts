import { errorCodes } from '../errors/error-codes.ts';
import type { WireError } from '../errors/wire-error.ts';

/** A failing answer as OpenAI's clients read it. */
export function openAiError({ code, message, hint }: WireError) {
  const { status } = errorCodes[code];
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message: `${message} ${hint}`.trim(), type, param: null, code } };
}
