import { HearthError } from '../errors/hearth-error.ts';
import type { TranscriptionFlag } from './transcription-flag.ts';

type Value = string | number;

/** A value, or several between commas, as the daemon expects it. @throws `OPTION_INVALID` for what it would refuse */
export function parseOptionValue(name: string, text: string, flag: TranscriptionFlag): Value | readonly Value[] {
  if (!flag.kind.endsWith('-list')) return parseValue(name, text, flag);
  return text.split(',').map((item) => parseValue(name, item, flag));
}

function parseValue(name: string, text: string, flag: TranscriptionFlag): Value {
  const { kind, minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = flag;
  if (kind.startsWith('string')) return text;
  const isWhole = kind.startsWith('integer');
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || (isWhole && !Number.isInteger(value))) {
    throw refusal(`${name} must be ${isWhole ? 'a whole number' : 'a number'}, got "${text}".`);
  }
  if (value < minimum || value <= exclusiveMinimum || value > maximum) {
    throw refusal(`${name} must be ${rangeOf(flag)}, got ${text.trim()}.`);
  }
  return value;
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: TranscriptionFlag): string {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  const least = exclusiveMinimum === undefined ? minimum : `more than ${exclusiveMinimum}`;
  if (maximum === undefined) return exclusiveMinimum === undefined ? `${least} or more` : `${least}`;
  return least === undefined ? `${maximum} or less` : `${least}, ${maximum} at most`;
}

function refusal(message: string): HearthError {
  return new HearthError('OPTION_INVALID', message);
}
