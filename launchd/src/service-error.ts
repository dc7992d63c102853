/** An error with one of the codes of daemon/src/errors/error-codes.ts. The daemon distinguishes them by `code`. */
export function serviceError(
  code: 'SERVICE_UNAVAILABLE' | 'SERVICE_FAILED',
  message: string,
  hint: string,
): Error & { readonly code: string; readonly hint: string } {
  return Object.assign(new Error(message), { code, hint });
}
