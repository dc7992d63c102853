import type { Command } from 'commander';
import { toWireError } from '../../protocol/wire-error.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { daemonLocation } from '../daemon-location.ts';
import { checkConverter } from '../doctor/check-converter.ts';
import { checkDaemon, checkEngine, checkNetwork, readHealthOrNull } from '../doctor/check-daemon.ts';
import * as installation from '../doctor/check-installation.ts';
import type { Finding } from '../doctor/finding.ts';
import { exitCodes } from '../exit-codes.ts';
import { printText } from '../terminal/print.ts';

const marks = { ok: 'ok  ', warning: 'warn', wrong: 'FAIL' } as const;

/** `hearth doctor`. */
export function define(command: Command): void {
  command
    .description(
      'Checks every part of Hearth, and says how to solve each problem. The exit code is ' +
        `${exitCodes.failed} if there is one.`,
    )
    .action(doctor);
}

async function doctor(): Promise<void> {
  const findings = await checkEverything(daemonLocation());
  printText(findings.map(lineOf).join(''));
  if (findings.some(({ state }) => state === 'wrong')) process.exitCode = exitCodes.failed;
}

function lineOf({ state, part, found, advice }: PartFinding): string {
  const line = `${marks[state]}  ${part.padEnd(10)}  ${found}\n`;
  return advice === null ? line : `${line}${' '.repeat(18)}${advice}\n`;
}

export interface PartFinding extends Finding {
  readonly part: string;
}

type Check = () => Promise<Finding> | Finding;

/** Checks every part, whatever is wrong with the others. */
export async function checkEverything({
  socketPath,
}: {
  readonly socketPath: string;
}): Promise<readonly PartFinding[]> {
  const paths = homePaths();
  const health = readHealthOrNull(socketPath);
  const checks: readonly (readonly [part: string, check: Check])[] = [
    ['Node', installation.checkNode],
    ['Home', () => installation.checkHome(paths)],
    ['Settings', () => installation.checkSettings(paths)],
    ['Model', () => installation.checkModel(paths)],
    ['Disk', () => installation.checkDisk(paths)],
    ['Converter', () => checkConverter({ environment: installation.engineEnvironment() })],
    ['Service', installation.checkService],
    ['Daemon', async () => checkDaemon(await health, paths)],
    ['Network', async () => checkNetwork(await health, paths)],
    ['Engine', async () => checkEngine(await health)],
  ];
  return Promise.all(checks.map(async ([part, check]) => ({ part, ...(await findingOf(check)) })));
}

/** A check that cannot be made is a finding too. */
async function findingOf(check: Check): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const { message, hint } = toWireError(error);
    return { state: 'wrong', found: message, advice: hint };
  }
}
