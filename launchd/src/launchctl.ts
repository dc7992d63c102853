import { setTimeout as delay } from 'node:timers/promises';
import { describeLaunchctlFailure } from './launchctl-failure.ts';
import { type PrintedService, parseLaunchctlPrint } from './parse-launchctl-print.ts';
import { runProgram } from './run-program.ts';

/** Exit codes of `launchctl`, as `launchctl error` lists them. */
const codes = {
  noSuchProcess: 3,
  inputOutputError: 5,
  inProgress: 36,
  alreadyInProgress: 37,
  noDomain: 112,
  noService: 113,
  domainUnsupported: 125,
} as const;

export interface LaunchctlRequest {
  /** Path of `launchctl`. */
  readonly program: string;
  readonly userId: number;
  readonly label: string;
  /** How long a job may take to end. */
  readonly goneLimitMs: number;
}

/** Exit codes of `bootstrap` while the previous job is ending. */
const transient: readonly number[] = [codes.inputOutputError, codes.inProgress, codes.alreadyInProgress];
/** Exit codes of `bootout` for a job that is ending or has ended; they differ between versions of macOS. */
const leaving: readonly number[] = [0, codes.noSuchProcess, codes.inputOutputError, codes.inProgress, codes.noService];
const stillThere = { exitCode: codes.inProgress, complaint: 'it is still there' };

const pollMs = 100;
const retryAfterMs = 500;

/** The commands of launchd that Hearth needs, for one job of the session at the screen. */
export function createLaunchctl({ program, userId, label, goneLimitMs }: LaunchctlRequest) {
  const domain = `gui/${userId}`;
  const target = `${domain}/${label}`;

  /** The job as launchd reports it, or null if it does not know it. @throws `SERVICE_UNAVAILABLE` without a session */
  async function print(): Promise<PrintedService | null> {
    const ending = await runProgram(program, ['print', target]);
    if (ending.exitCode === 0) return parseLaunchctlPrint(ending.stdout);
    const hasNoSession = ending.exitCode === codes.noDomain || ending.exitCode === codes.domainUnsupported;
    if (hasNoSession || ending.exitCode === 127) throw describeLaunchctlFailure('print', ending);
    return null;
  }

  /** A disabled job cannot be bootstrapped, and installing it means that it should run. */
  async function enable(): Promise<void> {
    await run(['enable', target]);
  }

  /** Loads the job. While a previous one is ending this fails; then that one is removed, and loading is tried once more. */
  async function bootstrap(definitionFile: string): Promise<void> {
    const ending = await runProgram(program, ['bootstrap', domain, definitionFile]);
    if (ending.exitCode === 0) return;
    if (!transient.includes(ending.exitCode)) throw describeLaunchctlFailure('bootstrap', ending);
    await bootout();
    await delay(retryAfterMs);
    await run(['bootstrap', domain, definitionFile]);
  }

  /** Unloads the job and waits until it is gone, which launchd does not do; false if there was none. */
  async function bootout(): Promise<boolean> {
    if ((await print()) === null) return false;
    const first = await runProgram(program, ['bootout', target]);
    if (!leaving.includes(first.exitCode)) throw describeLaunchctlFailure('bootout', first);
    if (await isGone()) return true;
    const second = await runProgram(program, ['bootout', target]);
    if (await isGone()) return true;
    throw describeLaunchctlFailure('bootout', second.exitCode === 0 ? stillThere : second);
  }

  async function isGone(): Promise<boolean> {
    const deadlineMs = performance.now() + goneLimitMs;
    while ((await print()) !== null) {
      if (performance.now() > deadlineMs) return false;
      await delay(pollMs);
    }
    return true;
  }

  /** Starts a loaded job that is not running; with `restart`, stops it first. */
  async function kickstart({ restart }: { readonly restart: boolean }): Promise<void> {
    const ending = await runProgram(program, ['kickstart', ...(restart ? ['-k'] : []), target]);
    // It is already running, as requested.
    const isRunning = !restart && ending.exitCode === codes.alreadyInProgress;
    if (ending.exitCode !== 0 && !isRunning) throw describeLaunchctlFailure('kickstart', ending);
  }

  async function run(values: readonly [string, ...string[]]): Promise<void> {
    const ending = await runProgram(program, values);
    if (ending.exitCode !== 0) throw describeLaunchctlFailure(values[0], ending);
  }

  return { print, enable, bootstrap, bootout, kickstart };
}
