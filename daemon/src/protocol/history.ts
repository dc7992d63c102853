import Type from 'typebox';
import { historyPageLength } from './history-page-length.ts';
import { TranscriptionOptionsSchema } from './options/options-schema.ts';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';
import { TranscriptSchema } from './transcript.ts';

const fields = {
  seq: Type.Integer({ description: 'Position in the history; newer ones are higher.' }),
  id: Type.String({ description: 'The id of its job.' }),
  name: orNull(Type.String(), { description: 'Name of the recording, if the client gave one.' }),
  createdAt: Type.String({ format: 'date-time' }),
  durationSeconds: Type.Number(),
  language: Type.String(),
  task: oneOf('transcribe', 'translate'),
  model: Type.String(),
};

const EntrySchema = Type.Object(
  {
    ...fields,
    excerpt: Type.String({ description: 'The first words, or those around the first match.' }),
  },
  { title: 'HistoryEntry', additionalProperties: false },
);

export const HistoryPageSchema = Type.Object(
  {
    entries: listOf(EntrySchema),
    nextBefore: orNull(Type.Integer(), { description: '`before` of the next page; null on the last one.' }),
    total: Type.Integer({ description: 'Number of transcripts in the history, not only of those found.' }),
  },
  { title: 'HistoryPage', additionalProperties: false, description: 'Transcripts, newest first.' },
);

export const HistoryDetailsSchema = Type.Object(
  { ...fields, options: TranscriptionOptionsSchema, result: TranscriptSchema },
  { title: 'HistoryDetails', additionalProperties: false },
);

export const HistorySearchSchema = Type.Object(
  {
    query: Type.Optional(
      Type.String({
        maxLength: 1000,
        description: 'Words and "phrases" that the text or the name must contain, all of them. Parts of words match.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: historyPageLength.largest,
        default: historyPageLength.default,
        description: 'Entries per page.',
      }),
    ),
    before: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Only entries before this `seq`: the next page.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const HistoryDeletionSchema = Type.Object(
  { deleted: Type.Integer() },
  { additionalProperties: false, description: 'How many transcripts were deleted.' },
);

/** A transcript in a list. */
export interface HistoryEntry extends Shape<typeof EntrySchema> {}
export interface HistoryPage extends Shape<typeof HistoryPageSchema> {}
/** A single transcript. */
export interface HistoryDetails extends Shape<typeof HistoryDetailsSchema> {}
export interface HistoryDeletion extends Shape<typeof HistoryDeletionSchema> {}
export interface HistorySearch extends Shape<typeof HistorySearchSchema> {}
