import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const standIn = fileURLToPath(new URL('../../stand-ins/launchctl.mjs', import.meta.url));

export interface StandInLaunchd {
  /** A user's home, and the state of the stand-in in it. */
  readonly userHome: string;
  /** A folder with a `launchctl` that knows this launchd. */
  readonly programFolder: string;
  /** Every call of `launchctl` so far, without the service's name. */
  calls(): Promise<string[]>;
  /** Lets the next calls of a verb fail with these exit codes. */
  fail(verb: string, ...exitCodes: readonly number[]): Promise<void>;
  /** Puts one of the state's files there: `no-session`, `disabled/<label>`. */
  set(name: string): Promise<void>;
  /** Ends every job and removes everything. */
  close(): Promise<void>;
}

/** A launchd of its own for one test. */
export async function startStandInLaunchd(): Promise<StandInLaunchd> {
  const userHome = await mkdtemp(join(tmpdir(), 'hearth-mac-'));
  const state = join(userHome, 'launchd');
  await mkdir(join(state, 'failures'), { recursive: true });
  await mkdir(join(state, 'disabled'));
  const programFolder = join(userHome, 'bin');
  await mkdir(programFolder);
  const script = `#!/bin/sh\nexport STAND_IN_LAUNCHD='${state}' HOME='${userHome}'\nexec '${process.execPath}' '${standIn}' "$@"\n`;
  await writeFile(join(programFolder, 'launchctl'), script, { mode: 0o755 });
  return {
    userHome,
    programFolder,
    async calls() {
      const lines = (await readFile(join(state, 'calls'), 'utf8')).trim().split('\n');
      return lines.map((line) => line.replace(/ \S*(\/local\.hearth\S*)?$/, ''));
    },
    fail: (verb, ...exitCodes) => writeFile(join(state, 'failures', verb), exitCodes.join('\n')),
    set: (name) => writeFile(join(state, name), ''),
    async close() {
      const jobs = await readJobs(state);
      await rm(userHome, { recursive: true, force: true, maxRetries: 5 });
      for (const processId of jobs) await untilGone(processId);
      await rm(userHome, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function readJobs(state: string): Promise<number[]> {
  const labels = await readdir(join(state, 'jobs')).catch(() => []);
  const states = await Promise.all(
    labels.map((label) => readFile(join(state, 'jobs', label, 'state.json'), 'utf8').catch(() => '{}')),
  );
  return states.map((text) => JSON.parse(text).pid as number | undefined).filter((each) => each !== undefined);
}

async function untilGone(processId: number): Promise<void> {
  for (;;) {
    try {
      process.kill(processId, 0);
    } catch {
      return;
    }
    await delay(10);
  }
}
