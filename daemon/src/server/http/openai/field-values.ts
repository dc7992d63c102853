import { HearthError } from '../../../errors/hearth-error.ts';
import { shorten } from '../../../errors/shorten.ts';

/** What some languages send for "not given". */
const nothing = new Set(['', 'null', 'none', 'undefined', 'nil']);
const yes = new Set(['true', '1', 'yes', 'on']);
const no = new Set(['false', '0', 'no', 'off']);

/** A boolean in any language's spelling; null if it is not given. @throws `OPTION_INVALID` */
export function readFlag(field: string, text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  if (nothing.has(word)) return null;
  throw fieldError(field, `to be true or false, got ${quoted(text)}`);
}

/** A number with a decimal point; null if it is not given. @throws `OPTION_INVALID` */
export function readNumber(
  field: string,
  text: string,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): number | null {
  const word = text.trim();
  if (nothing.has(word.toLowerCase())) return null;
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  const expected = `to be a number from ${minimum} to ${maximum}, with a point for decimals`;
  throw fieldError(field, `${expected}, got ${quoted(text)}`);
}

/** One of several words; null if it is not given. @throws `OPTION_INVALID` */
export function readChoice<const Name extends string>(
  field: string,
  text: string,
  names: readonly Name[],
): Name | null {
  const word = text.trim().toLowerCase();
  if (nothing.has(word)) return null;
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  throw fieldError(field, `to be one of ${names.join(', ')}, got ${quoted(text)}`);
}

/**
 * A list: one field per value, or one field with a JSON list. Commas only separate values that cannot contain commas.
 * @throws `OPTION_INVALID`
 */
export function readList(
  field: string,
  texts: readonly string[],
  { cutAtCommas }: { readonly cutAtCommas: boolean },
): readonly string[] {
  const values = texts.flatMap((text) => {
    const word = text.trim();
    if (word.startsWith('[')) return readJsonList(field, word);
    return cutAtCommas ? word.split(',') : [word];
  });
  return values.map((value) => value.trim()).filter((value) => !nothing.has(value.toLowerCase()));
}

function readJsonList(field: string, text: string): string[] {
  try {
    const values: unknown = JSON.parse(text);
    if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values;
  } catch {
    // It is reported like a list of the wrong kind.
  }
  throw fieldError(field, `to be sent once for each value, or as a JSON list of texts, got ${quoted(text)}`);
}

/** What is wrong with which field. */
export function fieldError(field: string, complaint: string, hint?: string): HearthError {
  return new HearthError('OPTION_INVALID', `Expected the field \`${field}\` ${complaint}.`, {
    hint: hint ?? '',
    param: field,
  });
}

/** A value in quotation marks, shortened if it is long. */
export function quoted(text: string): string {
  return JSON.stringify(shorten(text));
}
