import { setTimeout as delay } from 'node:timers/promises';
import Type from 'typebox';
import { HearthError } from '../../../errors/hearth-error.ts';
import { shorten } from '../../../errors/shorten.ts';
import { type FormatName, formats } from '../../../formats/formats.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import {
  HistoryDeletionSchema,
  HistoryDetailsSchema,
  HistoryPageSchema,
  HistorySearchSchema,
} from '../../../protocol/history.ts';
import { historyPageLength } from '../../../protocol/history-page-length.ts';
import { deleteAllTranscripts, deleteTranscript } from '../../jobs/delete-transcripts.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const params = Type.Object({ id: Type.String({ minLength: 1 }) });
const failures = { '4xx': ErrorAnswerSchema };
const formatNames = Object.keys(formats) as FormatName[];

const exportQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Union(
        formatNames.map((name) => Type.Literal(name)),
        { description: 'Return the transcript in this format instead of the entry.' },
      ),
    ),
  },
  { additionalProperties: false },
);

const exportContent = {
  'application/json': { schema: Type.Unsafe<object | string>(HistoryDetailsSchema) },
  ...Object.fromEntries(
    formatNames
      .filter((name) => name !== 'json')
      .map((name) => [formats[name].mediaType, { schema: Type.Unsafe<object | string>(Type.String()) }]),
  ),
};

const searchHistorySchema = {
  operationId: 'searchHistory',
  tags: ['History'],
  summary: 'Search the history',
  querystring: HistorySearchSchema,
  response: { 200: HistoryPageSchema, ...failures },
};

const getHistoryEntrySchema = {
  operationId: 'getHistoryEntry',
  tags: ['History'],
  summary: 'Get a transcript, or export it',
  params,
  querystring: exportQuery,
  response: {
    200: { description: 'The entry, or its transcript in a format.', content: exportContent },
    ...failures,
  },
};

const deleteHistoryEntrySchema = {
  operationId: 'deleteHistoryEntry',
  tags: ['History'],
  summary: 'Delete a transcript',
  description: 'Also deletes the job that made it. No byte of its text is left in a file of Hearth.',
  params,
  response: { 200: HistoryDeletionSchema, ...failures },
};

const clearHistorySchema = {
  operationId: 'clearHistory',
  tags: ['History'],
  summary: 'Delete all transcripts',
  description:
    'Also deletes ended jobs that hold a text, those with `history=false` included. Jobs that have not ended go on.',
  response: { 200: HistoryDeletionSchema, ...failures },
};

const longestPauseMs = 1_000;
/** Until the next search may begin. */
let lastTurn: Promise<void> = Promise.resolve();

/** One search after the other, with a pause as long as each: whoever asks for something else is answered meanwhile. */
function inTurn<Result>(search: () => Result): Promise<Result> {
  let tookMs = 0;
  const turn = lastTurn.then(() => {
    const begunMs = performance.now();
    try {
      return search();
    } finally {
      tookMs = performance.now() - begunMs;
    }
  });
  const pause = () => delay(Math.min(tookMs, longestPauseMs), undefined, { ref: false });
  lastTurn = turn.then(pause, pause);
  return turn;
}

/** Past transcripts: search, get, export, delete. */
export function addHistoryRoutes(server: ServerInstance, { history, jobs }: Pick<Services, 'history' | 'jobs'>): void {
  server.get('/v1/history', { schema: searchHistorySchema }, async (request) => {
    const { query = '', limit = historyPageLength.default, before = null } = request.query;
    return inTurn(() => history.search({ query, limit, before }));
  });

  server.get('/v1/history/:id', { schema: getHistoryEntrySchema }, async (request, reply) => {
    const found = history.find(request.params.id);
    if (found === null) throw notFound(request.params.id);
    const format = request.query.format as FormatName | undefined;
    if (format === undefined) return found;
    const origin = { name: found.name, createdAt: new Date(found.createdAt) };
    const content = await formats[format].write(found.result, found.options, origin);
    if (typeof content !== 'string') return reply.type(formats[format].mediaType).send(Buffer.from(content));
    return reply.type(`${formats[format].mediaType}; charset=utf-8`).send(content);
  });

  server.delete('/v1/history/:id', { schema: deleteHistoryEntrySchema }, async (request) => {
    if (!deleteTranscript(request.params.id, { history, jobs })) throw notFound(request.params.id);
    return { deleted: 1 };
  });

  server.delete('/v1/history', { schema: clearHistorySchema }, async () => ({
    deleted: await deleteAllTranscripts({ history, jobs }),
  }));
}

function notFound(id: string): HearthError {
  return new HearthError('HISTORY_ENTRY_NOT_FOUND', `No transcript has the id ${shorten(id)}.`);
}
