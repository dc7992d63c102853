import type { WireError } from '../../../protocol/wire-error.ts';
import { errorBody } from '../error-answers.ts';

/** A failing answer as OpenAI's clients show it: they print the message alone, so the hint is in it. */
export function openAiError(error: WireError, param: string | null = null) {
  const { message, hint } = error;
  return errorBody({ ...error, message: `${message} ${hint}`.trim() }, param);
}
