import Type from 'typebox';
import { listOf, type Shape } from './schema-parts.ts';

/** What a person says, and what is written for it. */
export const ReplacementSchema = Type.Object(
  {
    say: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: String.raw`[^\s-]`,
      description: 'A word or words as they are said. Capitals and the spaces between words make no difference.',
    }),
    write: Type.String({
      maxLength: 4000,
      description: 'What is written instead, to the letter; empty to leave the words out.',
    }),
  },
  { title: 'Replacement', additionalProperties: false },
);

/** A name or term that models do not know. */
export const DictionaryEntrySchema = Type.Object(
  {
    word: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: String.raw`[^\s-]`,
      description: 'A name or term, written as it should be.',
    }),
    soundsLike: Type.Optional(
      listOf(Type.String({ minLength: 1, maxLength: 100, pattern: String.raw`[^\s-]` }), {
        maxItems: 20,
        description: 'What is written when it is mis-heard. The word is always written for it.',
      }),
    ),
    language: Type.Optional(
      Type.String({ pattern: '^[a-z]{2,3}$', description: "Whisper's code of the only language it is used in." }),
    ),
  },
  { title: 'DictionaryEntry', additionalProperties: false },
);

export const WordListSchema = Type.Object(
  {
    words: listOf(ReplacementSchema),
    dictionary: listOf(DictionaryEntrySchema),
    problems: listOf(Type.String(), { description: 'What is wrong in the file; such entries are not used.' }),
  },
  { title: 'WordList', additionalProperties: false, description: 'The replacements and the dictionary.' },
);

export const AddWordsBodySchema = Type.Object(
  {
    words: Type.Optional(Type.Array(ReplacementSchema, { minItems: 1, maxItems: 1000 })),
    dictionary: Type.Optional(Type.Array(DictionaryEntrySchema, { minItems: 1, maxItems: 1000 })),
  },
  { title: 'AddWords', additionalProperties: false, minProperties: 1 },
);

export interface Replacement extends Shape<typeof ReplacementSchema> {}
export interface DictionaryEntry extends Shape<typeof DictionaryEntrySchema> {}
export interface WordList extends Shape<typeof WordListSchema> {}
