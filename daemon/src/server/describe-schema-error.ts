import type { FastifySchemaValidationError } from 'fastify';
import { closestMatch } from 'leven';
import { HearthError } from '../errors/hearth-error.ts';
import { TranscriptionQuerySchema } from './transcription-query-schema.ts';

const optionNames = Object.keys(TranscriptionQuerySchema.properties);

/** What is wrong with a request's query or body, in the words of its author. */
export function describeSchemaError(errors: FastifySchemaValidationError[], place: string): HearthError {
  const [error] = errors;
  const code = place === 'querystring' ? 'OPTION_INVALID' : 'REQUEST_INVALID';
  const noun = place === 'querystring' ? 'option' : place;
  if (error === undefined) return new HearthError(code, `Expected a valid ${noun}, got another.`);
  const unknown = (error.params as { additionalProperty?: string; unevaluatedProperty?: string }).additionalProperty;
  if (unknown !== undefined) return unknownName(code, noun, unknown);
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const name = path === '' ? noun : `${noun} ${path}`;
  const given = JSON.stringify((error as { data?: unknown }).data);
  return new HearthError(code, `Expected ${name} ${expectation(path, error.message)}, got ${given}.`);
}

function unknownName(code: 'OPTION_INVALID' | 'REQUEST_INVALID', noun: string, name: string): HearthError {
  const closest = noun === 'option' ? closestMatch(name, optionNames, { maxDistance: 3 }) : undefined;
  const options = closest === undefined ? {} : { hint: `Did you mean ${closest}?` };
  return new HearthError(code, `Expected a known ${noun}, got ${name}.`, options);
}

function expectation(path: string, message = 'that is valid'): string {
  const schema = TranscriptionQuerySchema.properties[path as keyof typeof TranscriptionQuerySchema.properties];
  const choices = (schema as { anyOf?: readonly { const?: string }[] } | undefined)?.anyOf;
  return choices === undefined ? `that ${message}` : `to be one of ${choices.map((choice) => choice.const).join(', ')}`;
}
