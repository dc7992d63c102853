import type { Readable } from 'node:stream';
import Type, { type TSchema } from 'typebox';
import { JobEventSchema } from '../../../protocol/job-events.ts';
import type { AnswerFormat } from '../../../protocol/options/answer-option-table.ts';
import type { Shape } from '../../../protocol/schema-parts.ts';
import { TranscriptSchema } from '../../../protocol/transcript.ts';
import { RecordingPathSchema } from '../../../protocol/transcription-request.ts';
import { answerFormats, mediaTypeOf } from '../answer-format.ts';

/** A recording as a request body: its path, or its bytes. */
export const recordingContent = {
  'application/json': { schema: RecordingPathSchema },
  'application/octet-stream': {
    schema: Type.Unknown({ description: 'The bytes of a recording. Any other media type works too.' }),
  },
};

/** The request body after parsing. Fastify's types do not support schemas by media type. */
export type RecordingBody = Shape<typeof RecordingPathSchema> | Readable | undefined;

/** The answer to a transcription by media type: a text, or the events as they happen. */
export const transcriptionContent = Object.fromEntries(
  answerFormats.map((format) => [mediaTypeOf(format), { schema: Type.Unsafe<string | Readable>(schemaOf(format)) }]),
);

function schemaOf(format: AnswerFormat): TSchema {
  if (format === 'ndjson') return JobEventSchema;
  return format === 'json' ? TranscriptSchema : Type.String();
}
