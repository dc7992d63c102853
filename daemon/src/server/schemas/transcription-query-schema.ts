import Type from 'typebox';
import { TranscriptionOptionsSchema } from '../../options/transcription-options.ts';
import { answerFormats } from '../http/answer-format.ts';

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
      Type.Boolean({
        default: false,
        description: 'Answer with the job at once; it goes on when the connection ends, and after a restart.',
      }),
    ),
    priority: Type.Optional(
      Type.Union([Type.Literal('interactive'), Type.Literal('bulk')], {
        description:
          'A bulk job lets interactive ones pass; default: bulk for detached jobs and for recordings of more than 16 MiB.',
      }),
    ),
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'What the recording is called in lists and the history.',
      }),
    ),
    history: Type.Optional(Type.Boolean({ default: true, description: 'Keep the transcript in the history.' })),
  },
  { additionalProperties: false },
);
