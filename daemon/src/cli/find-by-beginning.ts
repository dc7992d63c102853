import type { ErrorCode } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';

const nouns = { JOB_NOT_FOUND: 'job', HISTORY_ENTRY_NOT_FOUND: 'transcript' } as const satisfies Partial<
  Record<ErrorCode, string>
>;
const hints = {
  JOB_NOT_FOUND: 'See `hearth jobs --all`.',
  HISTORY_ENTRY_NOT_FOUND: 'See `hearth history`.',
} as const;

/** The one id that begins as the user typed it. @throws `code` for none, `OPTION_INVALID` for several and for no letter at all */
export function findByBeginning(ids: readonly string[], typed: string, code: keyof typeof nouns): string {
  if (typed.trim() === '') throw new HearthError('OPTION_INVALID', 'The id is empty.', { hint: hints[code] });
  const found = ids.filter((id) => id.startsWith(typed));
  const [only] = found;
  if (only !== undefined && (found.length === 1 || only === typed)) return only;
  if (only === undefined) throw new HearthError(code, `No ${nouns[code]} begins with ${typed}.`, { hint: hints[code] });
  throw new HearthError('OPTION_INVALID', `${found.length} ${nouns[code]}s begin with ${typed}.`, {
    hint: 'Type more of the id.',
  });
}
