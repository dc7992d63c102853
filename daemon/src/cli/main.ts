#!/usr/bin/env node
import { CommanderError } from 'commander';
import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { spellOutSwitches } from './spell-out-switches.ts';
import { complain } from './terminal/print.ts';

// A reader that went away (`hearth … | head`) is no fault to report.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
  throw error;
});

try {
  const program = createProgram();
  await program.parseAsync(spellOutSwitches(program, process.argv.slice(2)), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    complain(errorSentence(error));
    process.exitCode = exitCodeOf(error);
  }
}
