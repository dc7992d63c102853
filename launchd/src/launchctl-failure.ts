import type { ProgramEnding } from './run-program.ts';
import { serviceError } from './service-error.ts';

interface Advice {
  readonly code: 'SERVICE_UNAVAILABLE' | 'SERVICE_FAILED';
  readonly hint: string;
}

const noSession: Advice = {
  code: 'SERVICE_UNAVAILABLE',
  hint: 'Log in at the screen and run this as yourself, without `sudo`. Or run `hearth serve`.',
};

/** What an exit code of `launchctl` means to somebody who has never heard of it. */
const adviceByCode: Readonly<Record<number, Advice>> = {
  1: failed('Run it as the user who is logged in at the screen, without `sudo`.'),
  5: failed('Wait a minute and try again. If that does not help, log out and in again.'),
  17: failed('Run `hearth uninstall`, then `hearth install`.'),
  36: failed('It is still stopping. Try again in a minute.'),
  37: failed('It is already being changed. Try again in a minute.'),
  109: failed('Run `hearth install` again to rewrite the file.'),
  111: failed('Run `hearth install` again to rewrite the file.'),
  112: noSession,
  119: failed('Allow Hearth in System Settings > General > Login Items, then run `hearth install` again.'),
  122: failed(
    'Make yourself the owner of the file and its folder, and run `chmod 644` on the file and `chmod 755` on the folder.',
  ),
  125: noSession,
  127: { code: 'SERVICE_UNAVAILABLE', hint: '`launchctl` is part of macOS. On other systems, run `hearth serve`.' },
  134: noSession,
};

/** The error for a `launchctl` that did not do what it was asked. */
export function describeLaunchctlFailure(
  verb: string,
  { exitCode, complaint }: Pick<ProgramEnding, 'exitCode' | 'complaint'>,
) {
  const { code, hint } = adviceByCode[exitCode] ?? failed(`\`launchctl error ${exitCode}\` explains the code.`);
  const said = complaint === '' ? '' : `: ${complaint}`;
  return serviceError(code, `\`launchctl ${verb}\` failed with exit code ${exitCode}${said}.`, hint);
}

function failed(hint: string): Advice {
  return { code: 'SERVICE_FAILED', hint };
}
