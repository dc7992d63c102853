import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { HearthError } from '../../../errors/hearth-error.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { WatchedFolderSchema, WatchedFoldersSchema, WatchRequestSchema } from '../../../protocol/watched-folders.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const params = Type.Object({ id: Type.String({ minLength: 1 }) });
const failures = { '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema };
const one = { 200: WatchedFolderSchema, ...failures };
const tags = ['Watched folders'];

const listSchema = {
  ...{ operationId: 'listWatchedFolders', tags, summary: 'List the watched folders' },
  response: { 200: WatchedFoldersSchema, ...failures },
};
const addSchema = {
  ...{ operationId: 'watchFolder', tags, summary: 'Watch a folder' },
  description: 'New recordings in it become bulk jobs once they have stopped growing, each of them once.',
  body: WatchRequestSchema,
  response: { 201: WatchedFolderSchema, ...failures },
};
const removeSchema = {
  ...{ operationId: 'unwatchFolder', tags, summary: 'No longer watch a folder', params },
  description: 'Its recordings and transcripts stay.',
  response: { 204: Type.Null(), ...failures },
};
const pauseSchema = { operationId: 'pauseFolder', tags, summary: 'Pause a folder', params, response: one };
const resumeSchema = { operationId: 'resumeFolder', tags, summary: 'Go on with a folder', params, response: one };
const retrySchema = {
  ...{ operationId: 'retryFolder', tags, summary: 'Try the recordings again that failed', params, response: one },
};

/** Watched folders. Only for clients of this machine: they name its folders. */
export function addWatchRoutes(server: ServerInstance, { watch }: Pick<Services, 'watch'>): void {
  const onRequest = refuseNetwork;
  server.get('/v1/watch', { schema: listSchema, onRequest }, async () => ({ folders: watch.list() }));
  server.post('/v1/watch', { schema: addSchema, onRequest }, async ({ body }, reply) =>
    reply.code(201).send(await watch.add(body)),
  );
  server.delete('/v1/watch/:id', { schema: removeSchema, onRequest }, async ({ params: { id } }, reply) => {
    watch.remove(id);
    return reply.code(204).send(null);
  });
  server.post('/v1/watch/:id/pause', { schema: pauseSchema, onRequest }, async ({ params: { id } }) =>
    watch.setPaused(id, true),
  );
  server.post('/v1/watch/:id/resume', { schema: resumeSchema, onRequest }, async ({ params: { id } }) =>
    watch.setPaused(id, false),
  );
  server.post('/v1/watch/:id/retry', { schema: retrySchema, onRequest }, async ({ params: { id } }) => watch.retry(id));
}

async function refuseNetwork(request: FastifyRequest): Promise<void> {
  if (!isFromNetwork(request)) return;
  throw new HearthError('REQUEST_REFUSED', 'Watched folders are for programs on this machine, not for TCP.', {
    hint: 'Use the socket.',
  });
}
