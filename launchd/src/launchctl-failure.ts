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

/** What an exit code of `launchctl` means to somebody who has never heard of it. */
const adviceByCode: Readonly<Record<number, Advice>> = {
  1: failed('Run it as the user who is logged in at the screen, without `sudo`.'),
  5: failed('Wait a minute and try again; if it stays so, log out and in again.'),
  17: failed('Run `hearth uninstall`, then `hearth install`.'),
  36: failed('It still ends what it was doing. Try again in a minute.'),
  37: failed('It is being changed already. Try again in a minute.'),
  109: failed('Run `hearth install` again to write the file anew.'),
  111: failed('Run `hearth install` again to write the file anew.'),
  112: noSession,
  119: failed('Allow Hearth in System Settings > General > Login Items, then run `hearth install` again.'),
  122: failed('Give the file to yourself alone: `chmod 644` it and its folder `chmod 755`, owned by you.'),
  125: noSession,
  127: { code: 'SERVICE_UNAVAILABLE', hint: '`launchctl` is part of macOS; run `hearth serve` where there is none.' },
  134: noSession,
};

/** The error for a `launchctl` that did not do what it was asked. */
export function describeLaunchctlFailure(
  verb: string,
  { exitCode, complaint }: Pick<ProgramEnding, 'exitCode' | 'complaint'>,
) {
  const { code, hint } = adviceByCode[exitCode] ?? failed(`\`launchctl error ${exitCode}\` tells what macOS means.`);
  const said = complaint === '' ? '' : `: ${complaint}`;
  return serviceError(code, `Expected \`launchctl ${verb}\` to succeed, got exit code ${exitCode}${said}.`, hint);
}

function failed(hint: string): Advice {
  return { code: 'SERVICE_FAILED', hint };
}
