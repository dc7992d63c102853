import { inspect } from 'node:util';
import { isUnexpected, toWireError, type WireError } from '../protocol/wire-error.ts';

/** An error as the server is told of it. The words of one that nobody expected go to the log, through standard error. */
export function toldError(thrown: unknown): WireError {
  if (isUnexpected(thrown)) process.stderr.write(`${inspect(thrown)}\n`);
  return toWireError(thrown);
}
