import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seatbeltProfile } from './seatbelt-profile.ts';

export interface Command {
  readonly executable: string;
  readonly arguments: readonly string[];
}

export interface ConfineRequest extends Command {
  readonly inputPath: string;
  /** The path it may write to; null for a program that only writes to standard output. */
  readonly outputPath: string | null;
}

/** Keeps a converter, which reads files from strangers, away from everything except one recording. */
export interface Sandbox {
  readonly name: 'Landlock' | 'Seatbelt' | 'none';
  /** Returns the command that runs this one in the sandbox. */
  readonly confine: (request: ConfineRequest) => Command;
}

/** Enough for any audio decoder. A header that needs more is broken or hostile. */
const memoryBytes = 2 * 1024 ** 3;
/** Processor time, which a sleeping machine does not use up. */
const cpuSeconds = 3600;

const launcherPath = fileURLToPath(new URL('../../../native/build/Release/hearth-sandbox', import.meta.url));
const sandboxExec = '/usr/bin/sandbox-exec';

export const noSandbox: Sandbox = {
  name: 'none',
  confine: ({ executable, arguments: given }) => ({ executable, arguments: given }),
};

/** The sandbox of this system. A converter may not work in it. */
export function systemSandbox(platform: NodeJS.Platform = process.platform): Sandbox {
  if (platform === 'linux' && existsSync(launcherPath)) return landlock;
  if (platform === 'darwin' && existsSync(sandboxExec)) return seatbelt;
  return noSandbox;
}

/** Whether the system's sandbox restricts a converter to one recording. Linux without Landlock only limits it. */
export function describeSandbox(platform: NodeJS.Platform = process.platform): { readonly seesOnlyItsInput: boolean } {
  const { name } = systemSandbox(platform);
  if (name !== 'Landlock') return { seesOnlyItsInput: name === 'Seatbelt' };
  const { stdout } = spawnSync(launcherPath, ['--describe'], { encoding: 'utf8' });
  return { seesOnlyItsInput: !/"landlockVersion":0/.test(stdout) };
}

/** Landlock, seccomp, and limits on memory, time and written bytes. A launcher sets them and then becomes the program. */
const landlock: Sandbox = {
  name: 'Landlock',
  confine: ({ executable, arguments: given, inputPath }) => ({
    executable: launcherPath,
    arguments: [
      ...['--memory', String(memoryBytes), '--cpu', String(cpuSeconds)],
      ...readableFor(executable).flatMap((path) => ['--read', path]),
      ...['--read', inputPath, '--', executable, ...given],
    ],
  }),
};

/** Apple's sandbox, which works for every process on macOS. */
const seatbelt: Sandbox = {
  name: 'Seatbelt',
  confine: ({ executable, arguments: given, inputPath, outputPath }) => ({
    executable: sandboxExec,
    arguments: ['-p', seatbeltProfile({ executable, inputPath, outputPath }), executable, ...given],
  }),
};

/** A program outside the system folders, and the libraries next to its `bin`. */
function readableFor(executable: string): readonly string[] {
  const program = realPath(executable);
  const folder = dirname(program);
  const libraries = basename(folder) === 'bin' ? [join(dirname(folder), 'lib')] : [];
  return [executable, program, ...libraries];
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
