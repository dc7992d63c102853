import Type, { type Static, type TArrayOptions, type TSchema, type TSchemaOptions } from 'typebox';

/** The type that a schema describes. */
export type Shape<Schema extends TSchema> = Unchanging<Static<Schema>>;

type Unchanging<Value> = { readonly [Key in keyof Value]: Unchanging<Value[Key]> };

/** A string with one of a few values. */
export function oneOf<const Name extends string>(...names: readonly Name[]) {
  return Type.Unsafe<Name>({ type: 'string', enum: names });
}

export function orNull<Schema extends TSchema>(schema: Schema, options: TSchemaOptions = {}) {
  return Type.Union([schema, Type.Null()], options);
}

export function listOf<Schema extends TSchema>(schema: Schema, options: TArrayOptions = {}) {
  return Type.Immutable(Type.Array(schema, options));
}
