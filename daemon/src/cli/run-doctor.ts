import { daemonLocation } from './daemon-location.ts';
import { checkEverything, type Finding } from './doctor-checks.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { printText } from './terminal/print.ts';

const marks = { ok: 'ok  ', warning: 'warn', wrong: 'FAIL' } as const;

/** `hearth doctor`: a line for each part, and what to do about what is wrong. */
export async function runDoctor(): Promise<ExitCode> {
  const findings = await checkEverything(daemonLocation());
  printText(findings.map(lineOf).join(''));
  return findings.some(({ state }) => state === 'wrong') ? exitCodes.failed : exitCodes.ok;
}

function lineOf({ state, part, found, advice }: Finding): string {
  const line = `${marks[state]}  ${part.padEnd(10)}  ${found}\n`;
  return advice === null ? line : `${line}${' '.repeat(18)}${advice}\n`;
}
