import Type, { type TSchema, type TSchemaOptions } from 'typebox';

export function orNull<Schema extends TSchema>(schema: Schema, options: TSchemaOptions = {}) {
  return Type.Union([schema, Type.Null()], options);
}
