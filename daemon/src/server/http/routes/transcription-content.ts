import type { Readable } from 'node:stream';
import Type, { type TSchema } from 'typebox';
import { JobEventSchema } from '../../../protocol/job-events.ts';
import type { AnswerFormat } from '../../../protocol/options/answer-option-table.ts';
import type { Shape } from '../../../protocol/schema-parts.ts';
import { TranscriptSchema } from '../../../protocol/transcript.ts';
import { RecordingPathSchema } from '../../../protocol/transcription-request.ts';
import { answerFormats, mediaTypeOf } from '../answer-format.ts';

/** A recording as the body of a request: where it is, or its bytes. */
export const recordingContent = {
  'application/json': { schema: RecordingPathSchema },
  'application/octet-stream': {
    schema: Type.Unknown({ description: 'The bytes of a recording. Any other media type works too.' }),
  },
};

/** What comes of it; Fastify's types know no schemas by media type. */
export type RecordingBody = Shape<typeof RecordingPathSchema> | Readable | undefined;

/** What a transcription answers with, by media type: a text, or the events as they come. */
export const transcriptionContent = Object.fromEntries(
  answerFormats.map((format) => [mediaTypeOf(format), { schema: Type.Unsafe<string | Readable>(schemaOf(format)) }]),
);

function schemaOf(format: AnswerFormat): TSchema {
  if (format === 'ndjson') return JobEventSchema;
  return format === 'json' ? TranscriptSchema : Type.String();
}
