import { existsSync } from 'node:fs';

export interface LastExit {
  readonly lastExitCode: number | null;
  readonly lastSignal: string | null;
  /** The program that is run, and where it wrote; null when the definition could not be read. */
  readonly program: string | null;
  readonly outputFile: string | null;
}

/** sysexits.h's EX_CONFIG: ours for bad settings, and what launchd itself tells of a program that it cannot run. */
const badConfiguration = 78;
/** It made way for newer code, and comes back by itself. */
const replaced = 75;

/** Why a service ended the last time and what to do about it, for people; null when there is nothing to say. */
export function adviseOnExit({ lastExitCode, lastSignal, program, outputFile }: LastExit): string | null {
  if (program !== null && !existsSync(program)) {
    return `The program ${program} is gone. Run \`hearth install\` again.`;
  }
  const details = outputFile === null ? '`hearth serve` tells why.' : `It said why in ${outputFile}.`;
  if (lastSignal !== null) return `It was ended by ${lastSignal}. ${details}`;
  if (lastExitCode === badConfiguration) return `Its settings or its home are not right. ${details}`;
  if (lastExitCode === 126 || lastExitCode === 127) {
    return `Its program cannot be run (exit code ${lastExitCode}). Run \`hearth install\` again.`;
  }
  return lastExitCode === null || [0, replaced].includes(lastExitCode)
    ? null
    : `It ended with exit code ${lastExitCode}. ${details}`;
}
