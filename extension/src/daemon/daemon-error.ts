/** What went wrong, with the daemon's stable code, or one of this side: `DAEMON_UNREACHABLE`, `CANCELLED`, `FILE_NOT_READABLE`. */
export class DaemonError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "DaemonError";
    this.code = code;
    this.hint = options.hint ?? "";
  }
}

/** The stable code of anything thrown; empty for what has none of ours. */
export function codeOf(error: unknown): string {
  return error instanceof DaemonError ? error.code : "";
}
