#!/usr/bin/env node
import { CommanderError } from 'commander';
import { visibleText } from '../errors/visible-text.ts';
import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { exitCodes } from './exit-codes.ts';
import { describeWriteFailure } from './output/describe-write-failure.ts';
import { createProgram } from './program.ts';
import { spellOutSwitches } from './spell-out-switches.ts';
import { complain } from './terminal/print.ts';
import { withCommandOfFile } from './usage/command-of-file.ts';

// A reader that went away (`hearth … | head`) is no fault to report.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
  complain(errorSentence(describeWriteFailure('standard output', error)));
  process.exit(exitCodes.failed);
});
// Then nobody can be told anything, but the work goes on.
process.stderr.on('error', () => undefined);

const program = createProgram();
const given = withCommandOfFile(program, process.argv.slice(2));
try {
  await program.parseAsync(spellOutSwitches(program, given), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) {
    // `hearth` alone, which shows its help.
    const isTold = error.code === 'commander.help' || error.exitCode === 0;
    if (!isTold) {
      const { describeUsageError } = await import('./usage/describe-usage-error.ts');
      complain(visibleText(describeUsageError(error, program, given)));
    }
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    complain(errorSentence(error));
    process.exitCode = exitCodeOf(error);
  }
}
