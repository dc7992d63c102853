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
