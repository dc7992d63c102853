import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Answer, type Ask, ask } from './ask.ts';

const serverModule = fileURLToPath(new URL('../../../daemon/dist/server/main.js', import.meta.url));

export interface RunningDaemon {
  readonly home: string;
  readonly socketPath: string;
  readonly child: ChildProcess;
  /** Its exit code, when it has ended. */
  readonly exited: Promise<number | null>;
  ask(request: Ask): Promise<Answer>;
  /** Names of the uploads that wait in the spool. */
  spooled(): Promise<string[]>;
  /** Asks the daemon to end; its exit code. */
  stop(): Promise<number | null>;
}

export interface StartDaemonRequest {
  readonly home?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'hearth-'));
}

/** Starts the built daemon in a home of its own and waits until it answers. */
export async function startDaemon(request: StartDaemonRequest = {}): Promise<RunningDaemon> {
  const home = request.home ?? (await makeHome());
  const socketPath = join(home, 'hearth.sock');
  const { child, exited, output } = spawnDaemon(home, request.environment);
  await untilAnswering(socketPath, exited, output);
  return {
    home,
    socketPath,
    child,
    exited,
    ask: (asked) => ask(socketPath, asked),
    spooled: () => readdir(join(home, 'spool')),
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      await rm(home, { recursive: true, force: true });
      return code;
    },
  };
}

/** Runs a daemon that is expected to end by itself. */
export async function runToEnd(home: string, environment: Readonly<Record<string, string>> = {}) {
  const { exited, output } = spawnDaemon(home, environment);
  return { code: await exited, output: await output };
}

/** A daemon from its first moment on, which need not answer yet. */
export function spawnDaemon(home: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [serverModule], {
    env: { ...process.env, HEARTH_HOME: home, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, exited, output: text(child.stderr) };
}

async function untilAnswering(
  socketPath: string,
  exited: Promise<number | null>,
  output: Promise<string>,
): Promise<void> {
  const ended = exited.then(async (code) => {
    throw new Error(`The daemon ended with exit code ${code}: ${await output}`);
  });
  ended.catch(() => undefined);
  for (;;) {
    const answered = ask(socketPath, { path: '/v1/health' }).then(
      () => true,
      () => false,
    );
    if (await Promise.race([answered, ended])) return;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 25)), ended]);
  }
}
