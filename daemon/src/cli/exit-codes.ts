/** Exit codes of `hearth`; docs/cli.md and `--help` list them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  daemonUnreachable: 69,
  cancelled: 130,
  brokenPipe: 141,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byErrorCode: Readonly<Record<string, ExitCode>> = {
  CANCELLED: exitCodes.cancelled,
  CONNECTION_LOST: exitCodes.daemonUnreachable,
  DAEMON_FAILED_TO_START: exitCodes.daemonUnreachable,
  DAEMON_NOT_ANSWERING: exitCodes.daemonUnreachable,
  DAEMON_UNREACHABLE: exitCodes.daemonUnreachable,
  MODEL_UNABLE: exitCodes.usage,
  OPTION_INVALID: exitCodes.usage,
  SERVICE_UNAVAILABLE: exitCodes.daemonUnreachable,
};

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  return byErrorCode[String((error as { code?: unknown } | null)?.code)] ?? exitCodes.failed;
}
