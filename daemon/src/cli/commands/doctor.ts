import type { Command } from 'commander';
import { visibleText } from '../../errors/visible-text.ts';
import { daemonLocation } from '../daemon-location.ts';
import { checkEverything, type PartFinding } from '../doctor/check-everything.ts';
import { exitCodes } from '../exit-codes.ts';
import { printJson, printText } from '../terminal/print.ts';

const marks = { ok: 'ok  ', warning: 'warn', wrong: 'FAIL' } as const;

/** `hearth doctor`. */
export function define(command: Command): void {
  command
    .description(
      'Checks every part of Hearth, and says how to solve each problem. The exit code is ' +
        `${exitCodes.failed} if there is one.`,
    )
    .option('--json', 'Print the findings as JSON.')
    .action(doctor);
}

async function doctor({ json = false }: { readonly json?: boolean }): Promise<void> {
  const findings = await checkEverything(daemonLocation());
  if (json) printJson({ findings });
  else printText(findings.map(lineOf).join(''));
  if (findings.some(({ state }) => state === 'wrong')) process.exitCode = exitCodes.failed;
}

/** What was found may quote names of files. */
export function lineOf({ state, part, found, advice }: PartFinding): string {
  const line = `${marks[state]}  ${part.padEnd(10)}  ${visibleText(found)}\n`;
  return advice === null ? line : `${line}${' '.repeat(18)}${visibleText(advice)}\n`;
}
