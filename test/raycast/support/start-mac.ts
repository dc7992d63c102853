import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readHealth } from '../../../daemon/src/client/health.ts';
import { listJobs } from '../../../daemon/src/client/jobs.ts';
import { stopDaemon } from '../../../daemon/src/client/stop-daemon.ts';
import { type Answer, type Ask, ask } from '../../e2e/support/ask.ts';
import { eachWindowOnce } from '../../e2e/support/each-window-once.ts';
import { startDaemon } from '../../e2e/support/start-daemon.ts';
import { pathOf } from '../../engine/fork-engine.ts';
import { launchCommand, type RunningCommand } from '../host/launch-command.ts';
import type { Launch } from '../host/messages.ts';
import { refusePaths } from './refuse-paths.ts';

/** A person's Mac, as far as the extension can see it: a home folder, and perhaps Hearth in it. */
export interface TestMac {
  readonly userHome: string;
  /** Where Hearth lives on macOS. */
  readonly hearthHome: string;
  readonly supportFolder: string;
  /** Starts the real daemon, which macOS may keep from reading the person's files. */
  startHearth(options?: { readonly mayReadFiles?: boolean; readonly environment?: Environment }): Promise<void>;
  ask(request: Ask): Promise<Answer>;
  /** Ends the daemon as a crash does. */
  killHearth(): Promise<void>;
  /** A copy of a recording of this repository in the person's home; its path. */
  addRecording(source: string, name?: string): Promise<string>;
  launch(launch: Omit<Launch, 'userHome' | 'supportFolder'>): RunningCommand;
  /** States of the daemon's jobs, in the order they came. */
  jobStates(): Promise<string[]>;
  /** The same once every job has ended: one that is cancelled ends a decoder step or a window's encoding later. */
  finalJobStates(): Promise<string[]>;
  /** Waits until so many jobs are queued or running: what is cancelled while it is being sent is no job. */
  untilJobs(count: number): Promise<void>;
  /** Ends the commands that run, and leaves the daemon. */
  endCommands(): Promise<void>;
  /** Ends what runs and removes what is left. */
  clear(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export async function startMac(): Promise<TestMac> {
  const folder = await mkdtemp(join(tmpdir(), 'mac-'));
  const userHome = join(folder, 'home');
  const hearthHome = join(userHome, 'Library', 'Application Support', 'Hearth');
  const supportFolder = join(folder, 'raycast-support');
  const socketPath = join(hearthHome, 'hearth.sock');
  let commands: RunningCommand[] = [];
  let gate: { close(): void } | null = null;
  for (const each of [hearthHome, join(userHome, 'Music'), join(userHome, 'Downloads'), join(folder, 'tmp')]) {
    await mkdir(each, { recursive: true, mode: 0o700 });
  }

  async function endCommands(): Promise<void> {
    await Promise.all(commands.map((command) => command.end()));
    commands = [];
  }

  async function jobStates(): Promise<string[]> {
    return (await listJobs({ socketPath })).map(({ state }) => state);
  }

  return {
    userHome,
    hearthHome,
    supportFolder,
    endCommands,
    ask: (asked) => ask(socketPath, asked),
    async startHearth({ mayReadFiles = true, environment = {} } = {}) {
      const home = mayReadFiles ? hearthHome : join(folder, 'hearth');
      const daemon = await startDaemon({
        home,
        environment: { ...eachWindowOnce, HEARTH_DRAIN_SECONDS: '0', ...environment },
      });
      if (!mayReadFiles) gate = await refusePaths(socketPath, daemon.socketPath);
    },
    async killHearth() {
      const { processId } = await readHealth({ socketPath });
      process.kill(processId, 'SIGKILL');
      await untilRefused(socketPath);
    },
    async addRecording(source, name = basename(source)) {
      const path = join(userHome, 'Music', name);
      await copyFile(pathOf(source), path);
      return path;
    },
    launch(launch) {
      const command = launchCommand({ ...launch, userHome, supportFolder });
      commands = [...commands, command];
      return command;
    },
    jobStates,
    async untilJobs(count) {
      while ((await jobStates()).filter(isUnfinished).length < count) {
        await delay(10);
      }
    },
    async finalJobStates() {
      for (;;) {
        const states = await jobStates();
        if (!states.some(isUnfinished)) return states;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async clear() {
      await endCommands();
      // Ends a daemon that launchd would bring back.
      await rm(join(userHome, 'launchd'), { recursive: true, force: true });
      await stopDaemon({ socketPath });
      gate?.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function untilRefused(socketPath: string): Promise<void> {
  for (;;) {
    try {
      await readHealth({ socketPath });
    } catch {
      return;
    }
    await delay(20);
  }
}

function isUnfinished(state: string): boolean {
  return state === 'queued' || state === 'running';
}
