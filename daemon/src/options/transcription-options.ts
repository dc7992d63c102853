import Type, { type Static } from 'typebox';

/** Options of one transcription, with OpenAI's names in camelCase: the one schema for the wire, the CLI and the document. */
export const TranscriptionOptionsSchema = Type.Object(
  {
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'Model name or folder; default: the model that settings name.' }),
    ),
    language: Type.Optional(
      Type.String({
        minLength: 2,
        description:
          'Language spoken, as a code (`de`) or an English name (`german`); default: detected from the first 30 s.',
      }),
    ),
    task: Type.Optional(
      Type.Union([Type.Literal('transcribe'), Type.Literal('translate')], {
        default: 'transcribe',
        description: '`transcribe` writes what is said; `translate` writes it in English.',
      }),
    ),
    initialPrompt: Type.Optional(
      Type.String({ description: 'Text put before the first window, for names and spelling.' }),
    ),
    conditionOnPreviousText: Type.Optional(
      Type.Boolean({ default: true, description: 'Give each window the text before it as a prompt.' }),
    ),
    withoutTimestamps: Type.Optional(
      Type.Boolean({ default: false, description: 'Decode without timestamp tokens: one segment per window.' }),
    ),
  },
  { additionalProperties: false },
);

export type TranscriptionOptions = Static<typeof TranscriptionOptionsSchema>;
