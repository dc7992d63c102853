import { HearthError } from '../errors/hearth-error.ts';
import type { NumberRange, OptionDefinition } from '../protocol/options/option-table.ts';

type Value = string | number;

/** A value, or several between commas, as the daemon expects it. @throws `OPTION_INVALID` for what it would refuse */
export function parseOptionValue(flag: string, text: string, option: OptionDefinition): Value | readonly Value[] {
  if (!option.kind.endsWith('-list')) return parseValue(flag, text, option);
  return text.split(',').map((item) => parseValue(flag, item, option));
}

function parseValue(flag: string, text: string, option: OptionDefinition): Value {
  if (option.kind.startsWith('string')) return text;
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = option as NumberRange;
  const isWhole = option.kind.startsWith('integer');
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || (isWhole && !Number.isInteger(value))) {
    throw refusal(`${flag} must be ${isWhole ? 'a whole number' : 'a number'}, got "${text}".`);
  }
  if (value < minimum || value <= exclusiveMinimum || value > maximum) {
    throw refusal(`${flag} must be ${describeRange(option as NumberRange)}, got ${text.trim()}.`);
  }
  return value;
}

function describeRange({ minimum, exclusiveMinimum, maximum }: NumberRange): string {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  const least = exclusiveMinimum === undefined ? minimum : `more than ${exclusiveMinimum}`;
  if (maximum === undefined) return exclusiveMinimum === undefined ? `${least} or more` : `${least}`;
  return least === undefined ? `${maximum} or less` : `${least}, ${maximum} at most`;
}

function refusal(message: string): HearthError {
  return new HearthError('OPTION_INVALID', message);
}
