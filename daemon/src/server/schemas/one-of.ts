import Type from 'typebox';

/** A text that is one of a few. */
export function oneOf<const Name extends string>(...names: readonly Name[]) {
  return Type.Unsafe<Name>({ type: 'string', enum: names });
}
