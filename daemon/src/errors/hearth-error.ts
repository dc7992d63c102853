import { type ErrorCode, errorCodes } from './error-codes.ts';
import { visibleLines, visibleText } from './visible-text.ts';

export interface HearthErrorOptions {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly param?: string;
  /** The message has several lines. Without this, a line break comes from outside and is shown as `\n`. */
  readonly hasLines?: boolean;
}

/** The one error of Hearth: a stable `code`, a message, a hint that says what to do next. Both are safe to show on a terminal. */
export class HearthError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** The part of the request that is wrong, if there is one. */
  readonly param: string | null;

  constructor(code: ErrorCode, message: string, { hint, cause, param, hasLines = false }: HearthErrorOptions = {}) {
    super(hasLines ? visibleLines(message) : visibleText(message), cause === undefined ? undefined : { cause });
    this.name = 'HearthError';
    this.code = code;
    this.hint = visibleText(hint ?? errorCodes[code].hint);
    this.param = param ?? null;
  }
}
