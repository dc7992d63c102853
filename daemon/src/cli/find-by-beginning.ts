import type { ErrorCode } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';

/** The one id that begins as the user typed it. @throws `code` for none, `OPTION_INVALID` for several */
export function findByBeginning(ids: readonly string[], typed: string, code: ErrorCode): string {
  const found = ids.filter((id) => id.startsWith(typed));
  const [only] = found;
  if (only !== undefined && (found.length === 1 || only === typed)) return only;
  if (only === undefined) throw new HearthError(code, `Expected the id of one that is known, got ${typed}.`);
  throw new HearthError('OPTION_INVALID', `Expected an id, got ${typed}, which ${found.length} ids begin with.`, {
    hint: 'Type more of it.',
  });
}
