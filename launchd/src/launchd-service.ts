import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'plist';
import { adviseOnExit } from './exit-advice.ts';
import { buildLaunchAgent, exitTimeOutSeconds } from './launch-agent.ts';
import { createLaunchctl } from './launchctl.ts';
import type { Service, ServiceStatus } from './service.ts';
import { readDefinition, writeDefinition } from './write-definition.ts';

export interface LaunchdServiceRequest {
  readonly label: string;
  /** Path of `launchctl`. */
  readonly program: string;
  readonly userId: number;
  readonly userHome: string;
}

const manager = 'launchd';

/** Hearth as a LaunchAgent: it starts at login and is restarted when it fails. */
export function createLaunchdService({ label, program, userId, userHome }: LaunchdServiceRequest): Service {
  const definitionFile = join(userHome, 'Library', 'LaunchAgents', `${label}.plist`);
  const launchctl = createLaunchctl({ program, userId, label, goneLimitMs: (exitTimeOutSeconds + 10) * 1000 });

  async function start(): Promise<void> {
    await launchctl.enable();
    if ((await launchctl.print()) === null) await launchctl.bootstrap(definitionFile);
    else await launchctl.kickstart({ restart: false });
  }

  return {
    manager,
    name: label,
    definitionFile,
    isInstalled: () => existsSync(definitionFile),
    async requireAvailable() {
      await launchctl.print();
    },
    async install(definition) {
      const isLoaded = (await launchctl.print()) !== null;
      const isNew = writeDefinition(definitionFile, buildLaunchAgent(label, definition));
      await launchctl.enable();
      if (isLoaded && !isNew) return await launchctl.kickstart({ restart: true });
      // launchd reads a changed file only when the job is loaded again.
      if (isLoaded) await launchctl.bootout();
      await launchctl.bootstrap(definitionFile);
    },
    async uninstall() {
      // Without a session at the screen nothing is loaded, and the file can still be removed.
      const wasLoaded = await launchctl.bootout().catch((error: { code?: string }) => {
        if (error.code !== 'SERVICE_UNAVAILABLE') throw error;
        return false;
      });
      const wasInstalled = existsSync(definitionFile);
      await rm(definitionFile, { force: true });
      return wasLoaded || wasInstalled;
    },
    start,
    stop: () => launchctl.bootout(),
    async restart() {
      if ((await launchctl.print()) === null) await start();
      else await launchctl.kickstart({ restart: true });
    },
    async status() {
      const printed = await launchctl.print().catch(() => null);
      const { processId = null, lastExitCode = null, lastSignal = null } = printed ?? {};
      return {
        ...{ manager, name: label, installed: existsSync(definitionFile), loaded: printed !== null },
        ...{ processId, lastExitCode, lastSignal },
        advice: adviseOnExit({ lastExitCode, lastSignal, ...readAgent(definitionFile) }),
      } satisfies ServiceStatus;
    },
  };
}

/** The program and the output file of the installed agent. */
function readAgent(definitionFile: string): { program: string | null; outputFile: string | null } {
  const definition = readDefinition(definitionFile);
  if (definition === null) return { program: null, outputFile: null };
  try {
    const agent = parse(definition) as {
      ProgramArguments?: string[];
      StandardErrorPath?: string;
    };
    return { program: agent.ProgramArguments?.[0] ?? null, outputFile: agent.StandardErrorPath ?? null };
  } catch {
    return { program: null, outputFile: null };
  }
}
