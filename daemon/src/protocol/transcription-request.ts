import Type from 'typebox';
import { answerOptionTable } from './options/answer-option-table.ts';
import { optionTable } from './options/option-table.ts';
import { propertiesOf } from './options/options-schema.ts';

/** The query of `POST /v1/transcriptions`: the options, and how the answer comes. */
export const TranscriptionQuerySchema = Type.Object(
  { ...propertiesOf(optionTable), ...propertiesOf(answerOptionTable) },
  { additionalProperties: false },
);

/** A recording given by its path. Any other body is the recording itself. */
export const RecordingPathSchema = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'Absolute path of a recording that the daemon may read.' }),
  },
  { title: 'RecordingPath', additionalProperties: false },
);
