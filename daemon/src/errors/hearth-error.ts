import { type ErrorCode, errorCodes } from './error-codes.ts';

/** The one error of Hearth: a stable `code`, a message "Expected …, got ….", a hint that says what to do next. */
export class HearthError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HearthError';
    this.code = code;
    this.hint = options.hint ?? errorCodes[code].hint;
  }
}
