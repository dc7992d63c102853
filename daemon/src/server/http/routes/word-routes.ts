import Type from 'typebox';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { AddWordsBodySchema, WordListSchema } from '../../../protocol/words.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const failures = { '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema };

const listWordsSchema = {
  operationId: 'listWords',
  tags: ['Words'],
  summary: 'List the replacements and the dictionary',
  response: { 200: WordListSchema, ...failures },
};

const addWordsSchema = {
  operationId: 'addWords',
  tags: ['Words'],
  summary: 'Add or change replacements and words of the dictionary',
  description: 'An entry for words that a list has takes the place of the older one. Answers with the lists.',
  body: AddWordsBodySchema,
  response: { 200: WordListSchema, ...failures },
};

const removeWordsSchema = {
  operationId: 'removeWords',
  tags: ['Words'],
  summary: 'Remove a replacement or a word of the dictionary, or all',
  querystring: Type.Object(
    {
      say: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1000,
          description: 'The words that a replacement is for.',
        }),
      ),
      word: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'The word of the dictionary.' })),
    },
    { additionalProperties: false, description: 'Without `say` and `word`, everything is removed.' },
  ),
  response: {
    200: Type.Object(
      { removed: Type.Integer() },
      { additionalProperties: false, description: 'How many entries were removed.' },
    ),
    ...failures,
  },
};

/** What people say and what is written for it, and their names and terms. */
export function addWordRoutes(server: ServerInstance, { words }: Pick<Services, 'words'>): void {
  server.get('/v1/words', { schema: listWordsSchema }, async () => words.read());

  server.post('/v1/words', { schema: addWordsSchema }, async (request) => {
    await words.add(request.body);
    return words.read();
  });

  server.delete('/v1/words', { schema: removeWordsSchema }, async (request) => {
    const { say, word } = request.query;
    if (say === undefined && word === undefined) return { removed: await words.clear() };
    await words.remove({ say, word });
    return { removed: say !== undefined && word !== undefined ? 2 : 1 };
  });
}
