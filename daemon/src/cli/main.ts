#!/usr/bin/env node
import { CommanderError } from 'commander';
import { visibleText } from '../errors/visible-text.ts';
import { writeError } from '../errors/write-error.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { createProgram, withCommandOfFile } from './program.ts';
import { errorSentence } from './terminal/error-sentence.ts';
import { warn } from './terminal/print.ts';
import { requireUtf8Arguments } from './usage/require-utf8-arguments.ts';
import { spellOutSwitches } from './usage/spell-out-switches.ts';

// A reader that went away (`hearth … | head`) is not an error to report.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
  warn(errorSentence(writeError('standard output', error)));
  process.exit(exitCodes.failed);
});
// Then nothing can be reported, but the work continues.
process.stderr.on('error', () => undefined);

const given = withCommandOfFile(process.argv.slice(2));
const program = await createProgram(given);
try {
  requireUtf8Arguments(given);
  await program.parseAsync(spellOutSwitches(program, given), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) {
    // `hearth` alone, which shows its help.
    const isHelp = error.code === 'commander.help' || error.exitCode === 0;
    if (!isHelp) {
      const { describeUsageError } = await import('./usage/describe-usage-error.ts');
      warn(visibleText(describeUsageError(error, program, given)));
    }
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    warn(errorSentence(error));
    process.exitCode = exitCodeOf(error);
  }
}
