import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

type Start = (program: string, ...rest: unknown[]) => unknown;

/** Starts a stand-in wherever a program of macOS would be started, which the extension names by absolute paths. */
export function standInForPrograms(programs: Readonly<Record<string, string>>): void {
  const module = childProcess as unknown as { spawn: Start; execFile: Start };
  for (const name of ['spawn', 'execFile'] as const) {
    const start = module[name];
    module[name] = (program, ...rest) => start(programs[program] ?? program, ...rest);
  }
  syncBuiltinESMExports();
}
