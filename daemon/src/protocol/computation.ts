import Type from 'typebox';
import { oneOf, orNull, type Shape } from './schema-parts.ts';

export const ComputationSchema = Type.Object(
  {
    denseEncoder: Type.Boolean({
      description: 'Whether layers that get many rows are dense in memory, even if the file has them quantised.',
    }),
    rowsReadQuantized: orNull(Type.Integer({ minimum: 0 }), {
      description: 'The decoder reads quantised layers for up to so many rows and dense ones for more; null if all do.',
    }),
    encoderBatch: Type.Integer({ minimum: 1, description: 'Windows encoded in one pass at most.' }),
    logMelOnDevice: Type.Boolean(),
  },
  { title: 'Computation', additionalProperties: false },
);

export const TrialSchema = Type.Object(
  {
    part: oneOf('encoder', 'decoder', 'logMel'),
    way: oneOf('quantized', 'dense', 'cpu', 'device'),
    count: Type.Integer({ description: 'Windows of the encoder, rows of the decoder.' }),
    seconds: Type.Number({ description: 'Of the decoder: 12 steps.' }),
  },
  { title: 'ComputationTrial', additionalProperties: false },
);

/** How a model is computed where there is a choice. */
export interface ModelComputation extends Shape<typeof ComputationSchema> {}
/** How long a part of a model takes in one of the ways to compute it. */
export interface ComputationTrial extends Shape<typeof TrialSchema> {}
