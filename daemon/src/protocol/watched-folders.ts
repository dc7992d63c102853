import Type from 'typebox';
import { WireErrorSchema } from './error-answer.ts';
import { answerOptionTable } from './options/answer-option-table.ts';
import { TranscriptionOptionsSchema } from './options/options-schema.ts';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';

const formatNames = answerOptionTable.format.choices.filter((name) => name !== 'ndjson');

const rules = {
  path: Type.String({ minLength: 1, description: 'Absolute path of the folder.' }),
  formats: listOf(oneOf(...formatNames), { minItems: 1, description: 'What is written of each recording.' }),
  to: orNull(Type.String({ minLength: 1 }), {
    description: 'Absolute path of the folder for the transcripts; null for beside the recordings.',
  }),
  moveDone: orNull(Type.String({ minLength: 1 }), {
    description: 'Absolute path of the folder that transcribed recordings are moved to; null to leave them.',
  }),
  recursive: Type.Boolean({ description: 'Also folders inside it.' }),
  endings: orNull(listOf(Type.String({ minLength: 1 })), {
    description: 'Only files with one of these endings, without the dot; null for all audio and video files.',
  }),
  history: Type.Boolean({ description: 'Keep the transcripts in the history.' }),
  options: TranscriptionOptionsSchema,
};

export const WatchRulesSchema = Type.Object(rules);

export const WatchRequestSchema = Type.Object(
  {
    ...Type.Partial(WatchRulesSchema).properties,
    path: rules.path,
    existing: Type.Optional(
      Type.Boolean({ default: false, description: 'Also transcribe the recordings that are there already.' }),
    ),
  },
  { title: 'WatchRequest', additionalProperties: false },
);

export const WatchedFolderSchema = Type.Object(
  {
    id: Type.String(),
    ...rules,
    isPaused: Type.Boolean(),
    addedAt: Type.String({ format: 'date-time' }),
    problem: orNull(WireErrorSchema, {
      description: 'Why the folder cannot be read, or a transcript not be written, now.',
    }),
    counts: Type.Object(
      {
        waiting: Type.Integer({ description: 'Still growing, or waiting for their turn.' }),
        notDownloaded: Type.Integer({ description: 'In the cloud, but not on this disk.' }),
        running: Type.Integer({ description: 'With a job that has not ended.' }),
        done: Type.Integer(),
        failed: Type.Integer(),
      },
      { additionalProperties: false },
    ),
    failures: listOf(Type.Object({ path: Type.String(), error: WireErrorSchema }, { additionalProperties: false }), {
      description: 'The newest 20 recordings that failed. They wait until they are tried again, or change.',
    }),
  },
  { title: 'WatchedFolder', additionalProperties: false },
);

export const WatchedFoldersSchema = Type.Object(
  { folders: listOf(WatchedFolderSchema) },
  { additionalProperties: false, description: 'The watched folders, in the order they were added.' },
);

/** What is asked for a folder; what is left out has its default. */
export interface WatchRequest extends Shape<typeof WatchRequestSchema> {}
/** A watched folder and how it goes. */
export interface WatchedFolder extends Shape<typeof WatchedFolderSchema> {}
export interface WatchedFolders extends Shape<typeof WatchedFoldersSchema> {}
/** What a folder is watched for. */
export type WatchRules = Pick<WatchedFolder, keyof typeof rules>;
