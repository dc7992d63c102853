/** An error with the daemon's stable code, or one of ours: `DAEMON_UNREACHABLE`, `CANCELLED`, `FILE_NOT_READABLE`. */
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

/** The stable code of anything thrown; empty for errors without one. */
export function codeOf(error: unknown): string {
  return error instanceof DaemonError ? error.code : "";
}

/** The error for something the user cancelled. */
export function cancelled(cause?: unknown): DaemonError {
  return new DaemonError("CANCELLED", "Cancelled.", { cause });
}

/** Anything thrown, as an error with a code: `INTERNAL` if it had none. */
export function toDaemonError(thrown: unknown): DaemonError {
  if (thrown instanceof DaemonError) return thrown;
  return new DaemonError("INTERNAL", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
