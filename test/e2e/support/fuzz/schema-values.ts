import type { Schema } from './api-operations.ts';
import type { Choices } from './choices.ts';
import { hostileTexts } from './hostile-texts.ts';

/** Mostly a value that the schema allows: a request that one bad value stops early tries nothing else. */
export function textFor(schema: Schema, choices: Pick<Choices, 'chance' | 'one'>): string {
  if (choices.chance(0.15)) return choices.one(hostileTexts);
  return String(validValue(schema, choices));
}

export function validValue(schema: Schema, { one }: Pick<Choices, 'one'>): unknown {
  if (schema.anyOf) return validValue(one(schema.anyOf), { one });
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return one(schema.enum);
  if (schema.type === 'boolean') return one([true, false]);
  if (schema.type === 'array') return validValue(schema.items ?? {}, { one });
  const { minimum = 0, maximum = 1000 } = schema;
  if (schema.type === 'integer') return one([minimum, maximum, minimum + 1]);
  if (schema.type === 'number') return one([minimum, maximum, (minimum + maximum) / 2]);
  return one(['de', 'en', 'a', '1', 'whisper-base-4bit', 'name.wav', 'Hearth, Whisper']);
}
