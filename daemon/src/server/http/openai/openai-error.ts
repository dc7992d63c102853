import type { WireError } from '../../../errors/wire-error.ts';
import { errorAnswer } from '../error-answer.ts';

/** A failing answer as OpenAI's clients show it: they print the message alone, so the hint is in it. */
export function openAiError(error: WireError, param: string | null = null) {
  const { message, hint } = error;
  return errorAnswer({ ...error, message: `${message} ${hint}`.trim() }, param);
}
