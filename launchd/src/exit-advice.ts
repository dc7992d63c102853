import { existsSync, readFileSync } from 'node:fs';

export interface LastExit {
  readonly lastExitCode: number | null;
  readonly lastSignal: string | null;
  /** The program that is run, and its output file; null if the definition could not be read. */
  readonly program: string | null;
  readonly outputFile: string | null;
}

/** EX_CONFIG of sysexits.h: Hearth's code for bad settings; under launchd only that of a program that it cannot run. */
const badConfiguration = 78;
/** It ended so that newer code can run, and is restarted by itself. */
const replaced = 75;

/** Why a service ended last time and what to do about it, for people; null if there is nothing to say. */
export function adviseOnExit({ lastExitCode, lastSignal, program, outputFile }: LastExit): string | null {
  if (program !== null && !existsSync(program)) {
    return `The program ${program} is gone. Run \`hearth install\` again.`;
  }
  const details = outputFile === null ? '`hearth serve` shows why.' : `Its output is in ${outputFile}.`;
  if (lastSignal !== null) return `It was killed (${lastSignal}). ${details}`;
  if (lastExitCode === badConfiguration) return `Its settings or its home are wrong. ${details}`;
  if (lastExitCode === 126 || lastExitCode === 127) {
    return `Its program cannot be run (exit code ${lastExitCode}). Run \`hearth install\` again.`;
  }
  if (lastExitCode === 0) return reasonNotToStart(outputFile);
  return lastExitCode === null || lastExitCode === replaced
    ? null
    : `It ended with exit code ${lastExitCode}. ${details}`;
}

/** A daemon that ends normally prints nothing; one that launchd should not restart prints the reason last. */
function reasonNotToStart(outputFile: string | null): string | null {
  const [, reason] = /(?:^|\n)(.+) \([A-Z_]+\)\n.*\n?$/.exec(lastWords(outputFile)) ?? [];
  return reason === undefined ? null : `It did not start. ${reason}`;
}

function lastWords(outputFile: string | null): string {
  try {
    return outputFile === null ? '' : readFileSync(outputFile, 'utf8').slice(-4096);
  } catch {
    return '';
  }
}
