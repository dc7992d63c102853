import { execFile } from 'node:child_process';

export interface ProgramEnding {
  readonly exitCode: number;
  readonly stdout: string;
  /** Its error message, on one line. */
  readonly complaint: string;
}

/** Longer than any answer of a service manager takes, so that a hanging one does not block Hearth. */
const limitMs = 60_000;

/** Runs a program to its end. A program that cannot be run ends with 127, as in a shell. */
export function runProgram(program: string, values: readonly string[]): Promise<ProgramEnding> {
  return new Promise((resolve) => {
    execFile(program, [...values], { timeout: limitMs }, (error, stdout, stderr) => {
      const ending = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      const said = stderr.trim() === '' && error !== null ? stdout.trim() || error.message : stderr.trim();
      resolve({ exitCode: ending, stdout, complaint: said.replace(/\s*\n\s*/g, ' ') });
    });
  });
}
