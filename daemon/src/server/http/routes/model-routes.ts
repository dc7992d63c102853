import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { HearthError } from '../../../errors/hearth-error.ts';
import { toWireError } from '../../../errors/wire-error.ts';
import type { PullEvent } from '../../../messages/pull-events.ts';
import { ErrorAnswerSchema } from '../../schemas/error-schema.ts';
import { EngineStatusSchema } from '../../schemas/health-schema.ts';
import {
  ModelChoiceSchema,
  ModelListSchema,
  OpenAiModelSchema,
  PullBodySchema,
  PullEventSchema,
} from '../../schemas/model-schema.ts';
import { ModelSchema } from '../../schemas/residency-schema.ts';
import type { ServerRequest } from '../create-server.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { meansDefaultModel } from '../openai/openai-models.ts';
import type { ServerInstance } from '../server-instance.ts';
import { whenGone } from '../when-gone.ts';

/** Progress is told this often, however fast the bytes come. */
const progressIntervalMs = 200;

const failures = { '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema };
const params = Type.Object({ id: Type.String({ minLength: 1, description: 'Its name; a slash in it as %2F.' }) });
const statusSchema = Type.Object(
  { status: EngineStatusSchema },
  { additionalProperties: false, description: 'How the engine is now.' },
);
const pullContent = { 'application/x-ndjson': { schema: Type.Unsafe<Readable>(PullEventSchema) } };

/** Models on disk and in memory. */
export function addModelRoutes(server: ServerInstance, context: ServerRequest): void {
  const { models, supervisor } = context;

  server.get(
    '/v1/models',
    {
      schema: {
        operationId: 'listModels',
        tags: ['Models'],
        summary: 'List the models',
        response: { 200: ModelListSchema, ...failures },
      },
    },
    async () => {
      const resident = supervisor.state().model?.folder;
      // Where the settings name one that is not there, the list is what helps.
      const defaultFolder = await models.find().then(
        ({ folder }) => folder,
        () => null,
      );
      const listed = await models.list();
      return {
        // What OpenAI's clients read.
        object: 'list' as const,
        data: listed.map(({ name }) => openAiModel(name)),
        models: listed.map((model) => ({
          ...model,
          isDefault: model.folder === defaultFolder,
          isResident: model.folder === resident,
        })),
      };
    },
  );

  server.get(
    '/v1/models/:id',
    {
      schema: {
        operationId: 'getModel',
        tags: ['Models'],
        summary: 'Look at a model',
        params,
        response: { 200: OpenAiModelSchema, ...failures },
      },
    },
    async (request) => {
      const { id } = request.params;
      refuseModelPath(request, id);
      await models.find(meansDefaultModel(id) ? undefined : id);
      return openAiModel(id);
    },
  );

  server.post(
    '/v1/models/pull',
    {
      schema: {
        operationId: 'pullModel',
        tags: ['Models'],
        summary: 'Pull a model from the Hub',
        description: 'A pull that is cut short goes on where it stopped when it is asked for again.',
        body: PullBodySchema,
        response: { 200: { description: 'How the pull goes.', content: pullContent }, ...failures },
      },
    },
    async (request, reply) => {
      const { repository, revision } = request.body;
      reply.type('application/x-ndjson; charset=utf-8');
      return reply.send(pull(reply, context, { repository, revision }));
    },
  );

  server.post(
    '/v1/models/load',
    {
      schema: {
        operationId: 'loadModel',
        tags: ['Models'],
        summary: 'Make a model ready',
        body: ModelChoiceSchema,
        response: { 200: ModelSchema, ...failures },
      },
    },
    async (request) => {
      refuseModelPath(request, request.body.model);
      return supervisor.load((await models.find(request.body.model)).folder);
    },
  );

  server.post(
    '/v1/models/unload',
    {
      schema: {
        operationId: 'unloadModels',
        tags: ['Models'],
        summary: 'Let go of all models until the next job',
        response: { 200: statusSchema, ...failures },
      },
    },
    async () => {
      await supervisor.unload();
      return { status: supervisor.state().status };
    },
  );

  server.post(
    '/v1/warm',
    {
      schema: {
        operationId: 'warm',
        tags: ['Models'],
        summary: 'Say that a recording is about to come',
        description: 'Starts an engine that was let go of, and puts off its next rest.',
        response: { 202: statusSchema, ...failures },
      },
    },
    async (_, reply) => {
      supervisor.warm();
      return reply.code(202).send({ status: supervisor.state().status });
    },
  );

  server.delete(
    '/v1/models/:id',
    {
      schema: {
        operationId: 'deleteModel',
        tags: ['Models'],
        summary: 'Delete a pulled model',
        params,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      refuseModelPath(request, request.params.id);
      const { folder, name } = await models.find(request.params.id);
      if (supervisor.state().model?.folder === folder) {
        throw new HearthError('MODEL_BUSY', `${name} is in use.`, {
          hint: 'Load another one first, or unload it.',
        });
      }
      if (context.jobs.needsModel(folder)) {
        throw new HearthError('MODEL_BUSY', `Jobs that wait or run need ${name}.`, {
          hint: 'Wait for them, or cancel them: `hearth jobs` lists them.',
        });
      }
      await models.delete(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

/** A model as OpenAI's clients read it. */
function openAiModel(id: string) {
  return { id, object: 'model' as const, created: 0, owned_by: 'hearth' };
}

/** Pulls a model and tells how it goes; the pull ends with the connection. */
function pull(
  reply: FastifyReply,
  { models }: ServerRequest,
  order: { readonly repository: string; readonly revision: string | undefined },
): Readable {
  const lines = new PassThrough();
  const abort = new AbortController();
  whenGone(reply, () => abort.abort());
  const tell = (event: PullEvent) => void lines.write(`${JSON.stringify(event)}\n`);
  let toldAtMs = Number.NEGATIVE_INFINITY;
  function onProgress(progress: { readonly receivedBytes: number; readonly totalBytes: number }): void {
    const nowMs = performance.now();
    const isLast = progress.receivedBytes === progress.totalBytes;
    if (nowMs - toldAtMs < progressIntervalMs && !isLast) return;
    toldAtMs = nowMs;
    tell({ type: 'pull-progress', ...progress });
  }
  models
    .pull({ ...order, signal: abort.signal, onProgress })
    .then(
      ({ name, folder }) => tell({ type: 'pull-done', name, folder }),
      (error: unknown) => tell({ type: 'pull-failed', error: toWireError(error) }),
    )
    .finally(() => lines.end());
  return lines;
}
