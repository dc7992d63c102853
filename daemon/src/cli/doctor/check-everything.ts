import { toWireError } from '../../protocol/wire-error.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { checkConverter } from './check-converter.ts';
import { checkDaemon, checkEngine, checkTcp, readHealthOrNull } from './check-daemon.ts';
import * as installation from './check-installation.ts';
import type { Finding } from './finding.ts';

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
    ['TCP', async () => checkTcp(await health, paths)],
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
