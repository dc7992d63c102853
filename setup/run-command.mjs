import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { SetUpError } from './set-up-error.mjs';

const tailLines = 25;

/**
 * Runs one command with its output in a log file. Returns its lines, and calls `onLine` with each, for progress.
 * @param {{ command: string, args: string[], cwd?: string, env?: NodeJS.ProcessEnv, logPath: string, onLine?: (line: string) => void }} request
 * @throws SetUpError with the end of the output if the command fails
 */
export async function runCommand({ command, args, cwd, env, logPath, onLine = () => {} }) {
  await mkdir(dirname(logPath), { recursive: true });
  const log = createWriteStream(logPath, { flags: 'a' });
  log.write(`$ ${[command, ...args].join(' ')}\n`);
  // Its own process group, so that a build's compilers end with it.
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const endWithUs = () => process.kill(-child.pid);
  if (child.pid !== undefined) process.once('exit', endWithUs);

  const lines = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      log.write(`${line}\n`);
      lines.push(line);
      if (line.trim() !== '') onLine(line.trim());
    });
  }
  const ending = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  process.off('exit', endWithUs);
  await new Promise((resolve) => log.end(resolve));
  if (ending !== 0) {
    const got = typeof ending === 'number' ? `exit code ${ending}` : ending;
    throw new SetUpError(`Expected \`${[command, ...args].join(' ')}\` to succeed, got ${got}. Whole log: ${logPath}`, {
      logTail: lines.slice(-tailLines).join('\n'),
    });
  }
  return lines;
}
