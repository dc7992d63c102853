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

export const WordListSchema = Type.Object(
  {
    words: listOf(ReplacementSchema),
    problems: listOf(Type.String(), { description: 'What is wrong in the file; such entries are not used.' }),
  },
  { title: 'WordList', additionalProperties: false, description: 'The list of replacements.' },
);

export const AddWordsBodySchema = Type.Object(
  { words: Type.Array(ReplacementSchema, { minItems: 1, maxItems: 1000 }) },
  { title: 'AddWords', additionalProperties: false },
);

export interface Replacement extends Shape<typeof ReplacementSchema> {}
export interface WordList extends Shape<typeof WordListSchema> {}
