import { toWireError } from '../../protocol/wire-error.ts';

/** An error for people: what is wrong, then what to do. */
export function errorSentence(error: unknown): string {
  const { message, hint } = toWireError(error);
  if (hint === '' || message.includes(hint)) return message;
  return message + (message.includes('\n') ? '\n' : ' ') + hint;
}
