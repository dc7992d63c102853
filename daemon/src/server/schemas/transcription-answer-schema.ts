import type { Readable } from 'node:stream';
import Type, { type TSchema } from 'typebox';
import type { AnswerFormat } from '../../protocol/options/answer-option-table.ts';
import { answerFormats, mediaTypeOf } from '../http/answer-format.ts';
import { JobEventSchema } from './job-event-schema.ts';
import { TranscriptSchema } from './transcript-schema.ts';

/** What a transcription answers with, by media type: a text, or the events as they come. */
export const transcriptionContent = Object.fromEntries(
  answerFormats.map((format) => [mediaTypeOf(format), { schema: Type.Unsafe<string | Readable>(schemaOf(format)) }]),
);

function schemaOf(format: AnswerFormat): TSchema {
  if (format === 'ndjson') return JobEventSchema;
  return format === 'json' ? TranscriptSchema : Type.String();
}
