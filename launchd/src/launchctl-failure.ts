import type { ProgramEnding } from './run-program.ts';
import { serviceError } from './service-error.ts';

interface Advice {
  readonly code: 'SERVICE_UNAVAILABLE' | 'SERVICE_FAILED';
  readonly hint: string;
}

const noSession: Advice = {
  code: 'SERVICE_UNAVAILABLE',
  hint: 'Log in at the screen, and run this as yourself without `sudo`; or run `hearth serve`.',
};

/** Explains an exit code of `launchctl` to somebody who does not know it. */
const adviceByCode: Readonly<Record<number, Advice>> = {
  1: failed('Run it as the user who is logged in at the screen, without `sudo`.'),
  5: failed('Wait a minute and try again. If that does not help, log out and in again.'),
  17: failed('Run `hearth uninstall`, then `hearth install`.'),
  36: failed('It is still stopping. Try again in a minute.'),
  37: failed('Another change to it is in progress. Try again in a minute.'),
  109: failed('Run `hearth install` again to write the file again.'),
  111: failed('Run `hearth install` again to write the file again.'),
  112: noSession,
  119: failed('Allow Hearth in System Settings > General > Login Items, then run `hearth install` again.'),
  122: failed('Make yourself the owner of the file (`chmod 644`) and of its folder (`chmod 755`).'),
  125: noSession,
  127: { code: 'SERVICE_UNAVAILABLE', hint: '`launchctl` is part of macOS; run `hearth serve` if there is none.' },
  134: noSession,
};

/** The error for a `launchctl` command that failed. */
export function describeLaunchctlFailure(
  verb: string,
  { exitCode, complaint }: Pick<ProgramEnding, 'exitCode' | 'complaint'>,
) {
  const { code, hint } = adviceByCode[exitCode] ?? failed(`\`launchctl error ${exitCode}\` explains the code.`);
  const said = complaint === '' ? '' : `: ${complaint}`;
  return serviceError(code, `Expected \`launchctl ${verb}\` to succeed, got exit code ${exitCode}${said}.`, hint);
}

function failed(hint: string): Advice {
  return { code: 'SERVICE_FAILED', hint };
}
