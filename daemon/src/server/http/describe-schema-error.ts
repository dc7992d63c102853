import { Readable } from 'node:stream';
import type { FastifySchemaValidationError } from 'fastify';
import { closestMatch } from 'leven';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import { meantOption } from '../../protocol/options/option-aliases.ts';

/** What Ajv adds in verbose mode. */
interface VerboseError extends FastifySchemaValidationError {
  readonly data: unknown;
  readonly parentSchema: {
    readonly properties?: Readonly<Record<string, { readonly description?: string } | undefined>>;
    readonly anyOf?: readonly { readonly const?: string; readonly type?: string }[];
  };
}

const bodyHint = 'Send {"path": "/absolute/path"}, or the bytes of a recording under another content type.';

/** Describes what is wrong with a request, with the names its author used. */
export function describeSchemaError(errors: FastifySchemaValidationError[], place: string): HearthError {
  // If none of several choices fits, the last error is about all of them.
  const { params, instancePath, parentSchema, data, message = '' } = errors.at(-1) as VerboseError;
  const isQuery = place === 'querystring';
  const code = isQuery ? 'OPTION_INVALID' : 'REQUEST_INVALID';
  if (data instanceof Readable) {
    return new HearthError(code, 'Expected a body of JSON, got one of another content type.', {
      hint: 'Send it with `Content-Type: application/json`.',
    });
  }
  const noun = isQuery ? 'option' : 'value';
  const hint = place === 'body' && 'path' in (parentSchema.properties ?? {}) ? { hint: bodyHint } : {};
  const unknownName = params['additionalProperty'];
  if (typeof unknownName === 'string') {
    const known = Object.keys(parentSchema.properties ?? {});
    const closest = meantOption(unknownName, known) ?? closestMatch(unknownName, known, { maxDistance: 3 });
    const options = closest === undefined ? hint : { hint: `Did you mean ${closest}?` };
    return new HearthError(code, `Expected a known ${noun}, got ${shorten(`${unknownName}`)}.`, options);
  }
  const missing = params['missingProperty'];
  if (isQuery && typeof missing === 'string') {
    const about = parentSchema.properties?.[missing]?.description ?? '';
    return new HearthError(code, `Expected the option ${missing}, got none.`, { hint: about });
  }
  const name = instancePath === '' ? `the ${place}` : `${noun} ${instancePath.slice(1).replaceAll('/', '.')}`;
  if (instancePath === '/repository' && 'pattern' in params) {
    return new HearthError(code, `${shown(data)} is not a model on the Hub: write owner/name.`, hint);
  }
  const meant = isQuery ? meantByValue(instancePath.slice(1), data) : null;
  if (meant !== null) {
    return new HearthError(
      code,
      `Expected ${name} to be the number of channels of raw live sound, got ${shown(data)}.`,
      {
        hint: `Did you mean ${meant}?`,
      },
    );
  }
  if ('pattern' in params) return new HearthError(code, `${name} cannot be ${shown(data)}.`, hint);
  const choices = parentSchema.anyOf?.map((choice) => choice.const ?? choice.type).join(', ');
  const expectation = choices === undefined ? inPlainWords(message) : `to be one of ${choices}`;
  return new HearthError(code, `Expected ${name} ${expectation}, got ${shown(data)}.`, hint);
}

/** Ajv's words for what a value must be. */
function inPlainWords(message: string): string {
  return message
    .replace('NOT have more than', 'have at most')
    .replace('NOT have fewer than', 'have at least')
    .replace(/ items$/, ' values')
    .replace(/^must /, 'to ');
}

/** Quotes the value as its author wrote it, except for deep values: writing those takes too much stack. */
function shown(data: unknown): string {
  const isDeep = Object.values(data ?? {}).some((value) => typeof value === 'object');
  return isDeep ? 'values in values' : shorten(`${JSON.stringify(data)}`);
}

/** The command line calls `audioChannels` by another option's name. */
function meantByValue(name: string, data: unknown): string | null {
  return name === 'channels' && (data === 'split' || data === 'mix') ? `audioChannels=${data}` : null;
}
