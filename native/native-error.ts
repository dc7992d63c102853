/** An error with one of the codes of daemon/src/errors/error-codes.ts. The daemon recognises it by `code`. */
export function nativeError(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });
}
