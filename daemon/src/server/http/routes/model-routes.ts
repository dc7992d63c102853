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
  UnloadBodySchema,
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
  summary: 'Unload one model, or all, until the next job',
  body: orNull(UnloadBodySchema),
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
          knownMachine(supervisor.state().models[0] ?? null),
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
    const { models, loading } = supervisor.state();
    const resident = models.some((model) => folder === model.folder || folder === model.draft?.folder);
    return resident || folder === loading?.modelFolder;
  }

  server.post('/v1/models/unload', { schema: unloadModelsSchema }, async (request) => {
    const name = request.body?.model;
    refuseModelPath(request, name);
    await supervisor.unload(name === undefined ? undefined : await folderInMemory(name));
    return { status: supervisor.state().status };
  });

  /** Its files may be gone. */
  async function folderInMemory(name: string): Promise<string> {
    const resident = supervisor.state().models.find((model) => model.name === name || model.folder === name);
    return resident?.folder ?? (await models.find(name)).folder;
  }

  server.post('/v1/models/prune', { schema: pruneModelsSchema }, async () => {
    return { pruned: [...(await models.prune(isInUse))] };
  });

  /** A model that is in memory and idle goes from there: who asks for it next gets the newer revision. */
  async function isInUse(folder: string): Promise<boolean> {
    if (jobs.needsModel(folder)) return true;
    if (!supervisor.state().models.some((model) => model.folder === folder && !model.isInUse))
      return isResident(folder);
    await supervisor.unload(folder).catch(() => undefined);
    return isResident(folder);
  }

  server.delete('/v1/models/:id', { schema: deleteModelSchema }, async (request, reply) => {
    refuseModelPath(request, request.params.id);
    const { folder, name } = await models.find(request.params.id);
    if (isResident(folder)) {
      throw new HearthError('MODEL_BUSY', `${name} is in use.`, {
        hint: `Unload it first: \`hearth models unload ${name}\`.`,
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
