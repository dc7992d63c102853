import { accessSync, constants, statSync } from 'node:fs';
import { HearthError } from '../errors/hearth-error.ts';
import { inputError, requireNoFolder, requireNoTerminal } from './open-recording.ts';

/** What is wrong with the recordings that were named, all of it, before the first one is sent. */
export function checkInputs(inputs: readonly string[]): readonly HearthError[] {
  const problems = inputs.flatMap((input) => check(input) ?? []);
  if (inputs.filter((input) => input === '-').length < 2) return problems;
  return [...problems, new HearthError('OPTION_INVALID', 'Standard input (-) can be transcribed once.')];
}

/** A file that is empty or no audio is found out when its turn comes: it fails alone. */
function check(input: string): HearthError | null {
  try {
    if (input === '-') requireNoTerminal(process.stdin);
    else {
      requireNoFolder(input, statSync(input));
      accessSync(input, constants.R_OK);
    }
    return null;
  } catch (error) {
    return error instanceof HearthError ? error : inputError(input, error as NodeJS.ErrnoException);
  }
}
