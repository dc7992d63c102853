import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleName } from '../../errors/visible-name.ts';

/** What Node puts in the place of bytes that are no UTF-8. */
const replacement = '\ufffd';

/**
 * Refuses what Node cannot tell as it was given: its name with a replacement may be that of another file. Mac names are UTF-8.
 * @throws `OPTION_INVALID`
 */
export function requireUtf8Arguments(given: readonly string[]): void {
  if (given.some((argument) => argument.includes(replacement))) requireUtf8('cmdline', 'an argument');
  if (process.env['HEARTH_HOME']?.includes(replacement) === true) requireUtf8('environ', 'HEARTH_HOME');
}

function requireUtf8(list: 'cmdline' | 'environ', what: string): void {
  const wrong = listOf(list).find((each) => !isUtf8(each) && (list === 'cmdline' || isHome(each)));
  if (wrong === undefined) return;
  throw new HearthError('OPTION_INVALID', `Expected ${what} in UTF-8, got ${visibleName(wrong)}.`, {
    hint: 'Rename the file or the folder. A recording can also be piped in: `hearth transcribe - < <file>`.',
  });
}

function isHome(variable: Buffer): boolean {
  return variable.subarray(0, 'HEARTH_HOME='.length).toString('latin1') === 'HEARTH_HOME=';
}

/** Of this process, as the system has it; empty where it does not tell. */
function listOf(list: 'cmdline' | 'environ'): readonly Buffer[] {
  try {
    const bytes = readFileSync(`/proc/self/${list}`);
    return bytes
      .toString('latin1')
      .split('\0')
      .map((each) => Buffer.from(each, 'latin1'));
  } catch {
    return [];
  }
}
