import Type from 'typebox';
import { HearthError } from '../../../errors/hearth-error.ts';
import { availableModels } from '../../../models/available-models.ts';
import { type Machine, recommendModels } from '../../../models/recommend-models.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { EngineStatusSchema } from '../../../protocol/health.ts';
import {
  ModelChoiceSchema,
  ModelListSchema,
  ModelQuerySchema,
  OpenAiModelSchema,
  PrunedSchema,
} from '../../../protocol/models.ts';
import { ModelSchema } from '../../../protocol/residency.ts';
import { orNull } from '../../../protocol/schema-parts.ts';
import { describeModels } from '../describe-models.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { knownMachine } from '../known-machine.ts';
import { meansDefaultModel } from '../openai/openai-models.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const failures = { '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema };
const params = Type.Object({ id: Type.String({ minLength: 1, description: 'Its name; a slash in it as %2F.' }) });
const statusSchema = Type.Object(
  { status: EngineStatusSchema },
  { additionalProperties: false, description: 'The state of the engine.' },
);

const listModelsSchema = {
  operationId: 'listModels',
  tags: ['Models'],
  summary: 'List the models',
  querystring: ModelQuerySchema,
  response: { 200: ModelListSchema, ...failures },
};

const getModelSchema = {
  operationId: 'getModel',
  tags: ['Models'],
  summary: 'Get a model',
  params,
  response: { 200: OpenAiModelSchema, ...failures },
};

const loadModelSchema = {
  operationId: 'loadModel',
  tags: ['Models'],
  summary: 'Load a model',
  body: ModelChoiceSchema,
  response: { 200: ModelSchema, ...failures },
};

const warmModelSchema = {
  operationId: 'warmModel',
  tags: ['Models'],
  summary: 'Begin to load a model, and answer at once',
  description: 'For a client that will need it soon, such as one that begins to record.',
  body: orNull(ModelChoiceSchema),
  response: { 202: statusSchema, ...failures },
};

const unloadModelsSchema = {
  operationId: 'unloadModels',
  tags: ['Models'],
  summary: 'Unload the model until the next job',
  response: { 200: statusSchema, ...failures },
};

const pruneModelsSchema = {
  operationId: 'pruneModels',
  tags: ['Models'],
  summary: 'Delete earlier revisions and leftovers of downloads',
  response: { 200: PrunedSchema, ...failures },
};

const deleteModelSchema = {
  operationId: 'deleteModel',
  tags: ['Models'],
  summary: 'Delete a downloaded model',
  params,
  response: { 204: Type.Null(), ...failures },
};

/** Models on disk and in memory. */
export function addModelRoutes(
  server: ServerInstance,
  { models, supervisor, jobs }: Pick<Services, 'models' | 'supervisor' | 'jobs'>,
): void {
  server.get('/v1/models', { schema: listModelsSchema }, async (request) => {
    const listed = await describeModels({ models, supervisor });
    return {
      // The fields that OpenAI's clients read.
      object: 'list' as const,
      data: listed.map(({ name }) => openAiModel(name)),
      models: [...listed],
      ...(request.query.available === true &&
        worthHaving(
          listed.map(({ name }) => name),
          knownMachine(supervisor.state().model),
        )),
    };
  });

  server.get('/v1/models/:id', { schema: getModelSchema }, async (request) => {
    const { id } = request.params;
    refuseModelPath(request, id);
    await models.find(meansDefaultModel(id) ? undefined : id);
    return openAiModel(id);
  });

  server.post('/v1/models/load', { schema: loadModelSchema }, async (request) => {
    refuseModelPath(request, request.body.model);
    return supervisor.load((await models.find(request.body.model)).folder);
  });

  server.post('/v1/warm', { schema: warmModelSchema }, async (request, reply) => {
    const name = request.body?.model;
    refuseModelPath(request, name);
    const { folder } = await models.find(name);
    // Whoever needs the model hears what became of it.
    void supervisor.load(folder).catch(() => undefined);
    return reply.code(202).send({ status: supervisor.state().status });
  });

  function isResident(folder: string): boolean {
    const { model } = supervisor.state();
    return folder === model?.folder || folder === model?.draft?.folder;
  }

  server.post('/v1/models/unload', { schema: unloadModelsSchema }, async () => {
    await supervisor.unload();
    return { status: supervisor.state().status };
  });

  server.post('/v1/models/prune', { schema: pruneModelsSchema }, async () => {
    return { pruned: [...(await models.prune((folder) => isResident(folder) || jobs.needsModel(folder)))] };
  });

  server.delete('/v1/models/:id', { schema: deleteModelSchema }, async (request, reply) => {
    refuseModelPath(request, request.params.id);
    const { folder, name } = await models.find(request.params.id);
    if (isResident(folder)) {
      throw new HearthError('MODEL_BUSY', `${name} is in use.`, {
        hint: 'Load another one first, or unload it.',
      });
    }
    if (jobs.needsModel(folder)) {
      throw new HearthError('MODEL_BUSY', `Waiting or running jobs need ${name}.`, {
        hint: 'Wait for them, or cancel them: `hearth jobs` lists them.',
      });
    }
    await models.delete(request.params.id);
    return reply.code(204).send(null);
  });
}

function worthHaving(here: readonly string[], machine: Machine) {
  const available = availableModels((name) => here.includes(name), machine);
  return { available, recommended: recommendModels(available, machine) };
}

/** A model in OpenAI's format. */
function openAiModel(id: string) {
  return { id, object: 'model' as const, created: 0, owned_by: 'hearth' };
}
