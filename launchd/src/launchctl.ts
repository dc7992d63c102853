import { setTimeout as delay } from 'node:timers/promises';
import { describeLaunchctlFailure } from './launchctl-failure.ts';
import { type PrintedService, parseLaunchctlPrint } from './parse-launchctl-print.ts';
import { runProgram } from './run-program.ts';

/** What `launchctl` ends with, as `launchctl error` lists it. */
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
  /** How long a job may take to go away. */
  readonly goneLimitMs: number;
}

/** Exit codes of `bootstrap` while the job's predecessor is on its way out. */
const transient: readonly number[] = [codes.inputOutputError, codes.inProgress, codes.alreadyInProgress];
/** Exit codes of `bootout` for a job that goes away or has gone; macOS has changed its mind about them. */
const leaving: readonly number[] = [0, codes.noSuchProcess, codes.inputOutputError, codes.inProgress, codes.noService];
const stillThere = { exitCode: codes.inProgress, complaint: 'it is still there' };

const pollMs = 100;
const retryAfterMs = 500;

/** The few things that are asked of launchd, for one job of the session at the screen. */
export function createLaunchctl({ program, userId, label, goneLimitMs }: LaunchctlRequest) {
  const domain = `gui/${userId}`;
  const target = `${domain}/${label}`;

  /** The job as launchd knows it, or null when it does not. @throws `SERVICE_UNAVAILABLE` without a session */
  async function print(): Promise<PrintedService | null> {
    const ending = await runProgram(program, ['print', target]);
    if (ending.exitCode === 0) return parseLaunchctlPrint(ending.stdout);
    const hasNoSession = ending.exitCode === codes.noDomain || ending.exitCode === codes.domainUnsupported;
    if (hasNoSession || ending.exitCode === 127) throw describeLaunchctlFailure('print', ending);
    return null;
  }

  /** A disabled job cannot be bootstrapped, and whoever installs it wants it enabled. */
  async function enable(): Promise<void> {
    await run(['enable', target]);
  }

  /** Loads the job. One that is on its way out makes this fail in three ways, so it is made sure to be gone, once. */
  async function bootstrap(definitionFile: string): Promise<void> {
    const ending = await runProgram(program, ['bootstrap', domain, definitionFile]);
    if (ending.exitCode === 0) return;
    if (!transient.includes(ending.exitCode)) throw describeLaunchctlFailure('bootstrap', ending);
    await bootout();
    await delay(retryAfterMs);
    await run(['bootstrap', domain, definitionFile]);
  }

  /** Unloads the job and waits until it is gone, which launchd does not; false when there was none. */
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

  /** Runs a loaded job that does not run; with `restart`, ends it first. */
  async function kickstart({ restart }: { readonly restart: boolean }): Promise<void> {
    const ending = await runProgram(program, ['kickstart', ...(restart ? ['-k'] : []), target]);
    // It runs already, which is what was asked for.
    const isRunning = !restart && ending.exitCode === codes.alreadyInProgress;
    if (ending.exitCode !== 0 && !isRunning) throw describeLaunchctlFailure('kickstart', ending);
  }

  async function run(values: readonly [string, ...string[]]): Promise<void> {
    const ending = await runProgram(program, values);
    if (ending.exitCode !== 0) throw describeLaunchctlFailure(values[0], ending);
  }

  return { print, enable, bootstrap, bootout, kickstart };
}
