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

/** What was ended because its person wanted it. */
export function cancelled(cause?: unknown): DaemonError {
  return new DaemonError("CANCELLED", "Cancelled.", { cause });
}

/** Anything thrown, as an error with a code: `INTERNAL` where it had none of ours. */
export function toDaemonError(thrown: unknown): DaemonError {
  if (thrown instanceof DaemonError) return thrown;
  return new DaemonError("INTERNAL", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
