import { type ExitCode, exitCodes } from './exit-codes.ts';

const byErrorCode: Readonly<Record<string, ExitCode>> = {
  CANCELLED: exitCodes.cancelled,
  CONNECTION_LOST: exitCodes.daemonUnreachable,
  DAEMON_FAILED_TO_START: exitCodes.daemonUnreachable,
  DAEMON_UNREACHABLE: exitCodes.daemonUnreachable,
  OPTION_INVALID: exitCodes.usage,
  SERVICE_UNAVAILABLE: exitCodes.daemonUnreachable,
};

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  return byErrorCode[String((error as { code?: unknown } | null)?.code)] ?? exitCodes.failed;
}
