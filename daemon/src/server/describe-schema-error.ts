import type { FastifySchemaValidationError } from 'fastify';
import { closestMatch } from 'leven';
import { HearthError } from '../errors/hearth-error.ts';

/** What Ajv adds when it is asked to be verbose. */
interface VerboseError extends FastifySchemaValidationError {
  readonly data: unknown;
  readonly parentSchema: {
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly anyOf?: readonly { readonly const?: string }[];
  };
}

/** What is wrong with a request's query or path, in the words of its author. */
export function describeSchemaError(errors: FastifySchemaValidationError[], place: string): HearthError {
  // Where none of several choices fits, the last error is the one about all of them.
  const { params, instancePath, parentSchema, data, message = '' } = errors.at(-1) as VerboseError;
  const { code, noun } =
    place === 'querystring'
      ? ({ code: 'OPTION_INVALID', noun: 'option' } as const)
      : ({ code: 'REQUEST_INVALID', noun: 'value' } as const);
  const unknownName = params['additionalProperty'];
  if (typeof unknownName === 'string') {
    const closest = closestMatch(unknownName, Object.keys(parentSchema.properties ?? {}), { maxDistance: 3 });
    const hint = closest === undefined ? {} : { hint: `Did you mean ${closest}?` };
    return new HearthError(code, `Expected a known ${noun}, got ${unknownName}.`, hint);
  }
  const name = instancePath.slice(1).replaceAll('/', '.');
  const choices = parentSchema.anyOf?.map((choice) => choice.const).join(', ');
  const expectation = choices === undefined ? message.replace(/^must /, 'to ') : `to be one of ${choices}`;
  return new HearthError(code, `Expected ${noun} ${name} ${expectation}, got ${JSON.stringify(data)}.`);
}
