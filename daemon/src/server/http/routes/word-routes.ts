import Type from 'typebox';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { AddWordsBodySchema, WordListSchema } from '../../../protocol/words.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const failures = { '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema };

const listWordsSchema = {
  operationId: 'listWords',
  tags: ['Words'],
  summary: 'List the replacements',
  response: { 200: WordListSchema, ...failures },
};

const addWordsSchema = {
  operationId: 'addWords',
  tags: ['Words'],
  summary: 'Add or change replacements',
  description: 'A replacement for words that the list has takes the place of the older one. Answers with the list.',
  body: AddWordsBodySchema,
  response: { 200: WordListSchema, ...failures },
};

const removeWordsSchema = {
  operationId: 'removeWords',
  tags: ['Words'],
  summary: 'Remove a replacement, or all',
  querystring: Type.Object(
    {
      say: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1000,
          description: 'The words it is for; without it, all are removed.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { removed: Type.Integer() },
      { additionalProperties: false, description: 'How many entries were removed.' },
    ),
    ...failures,
  },
};

/** What people say and what is written for it. */
export function addWordRoutes(server: ServerInstance, { words }: Pick<Services, 'words'>): void {
  server.get('/v1/words', { schema: listWordsSchema }, async () => words.read());

  server.post('/v1/words', { schema: addWordsSchema }, async (request) => {
    words.add(request.body.words);
    return words.read();
  });

  server.delete('/v1/words', { schema: removeWordsSchema }, async (request) => {
    const { say } = request.query;
    if (say === undefined) return { removed: words.clear() };
    words.remove(say);
    return { removed: 1 };
  });
}
