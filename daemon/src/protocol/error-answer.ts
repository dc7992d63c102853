import Type from 'typebox';
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts';
import { oneOf, orNull } from './schema-parts.ts';

export const WireErrorSchema = Type.Object(
  {
    code: oneOf(...(Object.keys(errorCodes) as ErrorCode[])),
    message: Type.String({ description: 'Expected …, got ….' }),
    hint: Type.String({ description: 'What to do next.' }),
  },
  { title: 'WireError', additionalProperties: false },
);

const AnsweredErrorSchema = Type.Object(
  {
    ...WireErrorSchema.properties,
    type: oneOf('invalid_request_error', 'server_error'),
    param: orNull(Type.String(), { description: 'The field that is wrong, on the routes of OpenAI.' }),
  },
  { title: 'AnsweredError', additionalProperties: false },
);

/** The body of every failed request. OpenAI's clients also read `type` and `param`. */
export const ErrorAnswerSchema = Type.Object(
  { error: AnsweredErrorSchema },
  { title: 'ErrorAnswer', additionalProperties: false, description: 'The request failed.' },
);
