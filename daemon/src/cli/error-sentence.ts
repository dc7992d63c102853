import { toWireError } from '../errors/wire-error.ts';

/** One error as a line for people: what was expected and got, then what to do. */
export function errorSentence(error: unknown): string {
  const { message, hint } = toWireError(error);
  return message.includes(hint) ? message : `${message} ${hint}`;
}
