import Type from 'typebox';
import { type ErrorCode, errorCodes } from '../../errors/error-codes.ts';
import { oneOf } from './one-of.ts';

export const WireErrorSchema = Type.Object(
  {
    code: oneOf(...(Object.keys(errorCodes) as ErrorCode[])),
    message: Type.String({ description: 'Expected …, got ….' }),
    hint: Type.String({ description: 'What to do next.' }),
  },
  { additionalProperties: false },
);

/** Every answer of a failed request. */
export const ErrorAnswerSchema = Type.Object(
  { error: WireErrorSchema },
  { additionalProperties: false, description: 'The request failed.' },
);
