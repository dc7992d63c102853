import type { WireError } from '../../../protocol/wire-error.ts';
import { errorBody } from '../error-answers.ts';

/** An error answer in OpenAI's format. Their clients only print the message, so it includes the hint. */
export function openAiError(error: WireError, param: string | null = null) {
  const { message, hint } = error;
  return errorBody({ ...error, message: `${message} ${hint}`.trim() }, param);
}
