import Type from 'typebox';
import { TranscriptionOptionsSchema } from '../../options/transcription-options.ts';
import { answerFormats } from '../answer-format.ts';

/** The query of `POST /v1/transcriptions`: the options, and how the answer comes. */
export const TranscriptionQuerySchema = Type.Object(
  {
    ...TranscriptionOptionsSchema.properties,
    format: Type.Optional(
      Type.Union(
        answerFormats.map((name) => Type.Literal(name)),
        { description: 'What to answer with, in place of the Accept header.' },
      ),
    ),
    detach: Type.Optional(
      Type.Boolean({ description: 'Answer with the job at once; it goes on when the connection ends.' }),
    ),
  },
  { additionalProperties: false },
);
