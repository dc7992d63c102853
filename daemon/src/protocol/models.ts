import Type from 'typebox';
import { WireErrorSchema } from './error-answer.ts';
import { repositoryPattern, revisionPattern } from './repository-name.ts';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';

const ListedModelSchema = Type.Object(
  {
    name: Type.String(),
    folder: Type.String(),
    source: oneOf('embedded', 'hub', 'folder'),
    byteCount: Type.Integer(),
    isDefault: Type.Boolean({ description: 'Whether jobs that name no model use it.' }),
    isResident: Type.Boolean(),
    languages: orNull(listOf(Type.String()), {
      description: 'Codes of the languages that it writes; null if its files do not tell.',
    }),
    translates: orNull(Type.Boolean(), {
      description: 'Whether it writes other languages in English; null if its files do not tell.',
    }),
    revision: orNull(Type.String(), { description: 'The commit of a model from the Hub.' }),
    isOutdated: Type.Boolean({ description: 'Whether Hearth pins another commit by now.' }),
    neededBytes: orNull(Type.Integer(), {
      description: 'What the engine takes with it on this machine, at most; null if its files do not tell.',
    }),
    fits: orNull(Type.Boolean(), {
      description: 'Whether this machine has the memory that it needs at least; null if its files do not tell.',
    }),
  },
  { title: 'ListedModel', additionalProperties: false },
);

const AccuracySchema = Type.Object(
  {
    wordErrorRate: Type.Number({ description: 'In percent.' }),
    measuredOn: Type.String(),
    source: Type.String({ description: 'Where it is published.' }),
  },
  { title: 'PublishedAccuracy', additionalProperties: false },
);

const AvailableModelSchema = Type.Object(
  {
    name: Type.String({ description: 'The embedded model, or a repository of the Hub.' }),
    model: Type.String({ description: 'The Whisper model that this is a copy of.' }),
    weights: oneOf('4-bit', '8-bit', 'float16', 'float32'),
    revision: orNull(Type.String(), { description: 'The commit that Hearth pins.' }),
    weightsSha256: orNull(Type.String(), { description: 'The hash that its weights must have; null if unknown.' }),
    downloadBytes: orNull(Type.Integer(), { description: 'Weights and configuration; null if unknown.' }),
    idleMemoryBytes: Type.Integer({ description: 'What the engine takes with it on this machine, loaded and idle.' }),
    memoryBytes: Type.Integer({ description: 'What the engine takes with it on this machine, at most.' }),
    languages: listOf(Type.String(), { description: 'Codes of the languages that it writes.' }),
    translates: Type.Boolean({ description: 'Whether it writes other languages in English.' }),
    relativeSpeed: orNull(Type.Number(), {
      description: "How many times as fast as Whisper's large model, by OpenAI's figures; null if unknown.",
    }),
    accuracy: orNull(AccuracySchema, { description: 'Published figures of the model; null if unknown.' }),
    isHere: Type.Boolean({ description: 'Whether it is on this machine.' }),
  },
  { title: 'AvailableModel', additionalProperties: false },
);

const RecommendationSchema = Type.Object(
  {
    purpose: oneOf('everyday', 'accuracy', 'translation', 'english'),
    name: Type.String(),
    reason: Type.String({ description: 'Why, in a sentence.' }),
  },
  { title: 'ModelRecommendation', additionalProperties: false },
);

export const ModelQuerySchema = Type.Object(
  {
    available: Type.Optional(
      Type.Boolean({ description: 'Also lists the models that are worth having, and recommends some.' }),
    ),
  },
  { additionalProperties: false },
);

/** A model as OpenAI lists it. */
export const OpenAiModelSchema = Type.Object(
  { id: Type.String(), object: Type.Literal('model'), created: Type.Integer(), owned_by: Type.String() },
  { title: 'OpenAiModel', additionalProperties: false },
);

export const ModelListSchema = Type.Object(
  {
    models: Type.Array(ListedModelSchema),
    object: Type.Literal('list'),
    data: Type.Array(OpenAiModelSchema, { description: "The same list in OpenAI's format." }),
    available: Type.Optional(listOf(AvailableModelSchema, { description: 'With `available`: models worth having.' })),
    recommended: Type.Optional(
      listOf(RecommendationSchema, { description: 'With `available`: the best for this machine, by purpose.' }),
    ),
  },
  { title: 'ModelList', additionalProperties: false, description: 'Models on disk.' },
);

export const PullBodySchema = Type.Object(
  {
    repository: Type.String({
      pattern: repositoryPattern,
      description: 'The repository of a model, as `owner/name`.',
    }),
    revision: Type.Optional(
      Type.String({
        pattern: revisionPattern,
        maxLength: 200,
        description: 'A branch, a tag, a commit, or `refs/pr/1`; default: the commit that Hearth pins, or else `main`.',
      }),
    ),
    folder: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Where the model is in a repository with several; default: at the top, or the only one.',
      }),
    ),
    offlinePath: Type.Optional(
      Type.String({
        pattern: '^/',
        description:
          'Where the model was brought by hand on this machine: a folder, a file in it, or a tar archive. Nothing is downloaded.',
      }),
    ),
  },
  { title: 'PullRequest', additionalProperties: false },
);

export const PullEventSchema = Type.Union(
  [
    Type.Object(
      { type: Type.Literal('pull-progress'), receivedBytes: Type.Integer(), totalBytes: Type.Integer() },
      { additionalProperties: false },
    ),
    Type.Object(
      { type: Type.Literal('pull-done'), name: Type.String(), folder: Type.String() },
      { additionalProperties: false },
    ),
    Type.Object({ type: Type.Literal('pull-failed'), error: WireErrorSchema }, { additionalProperties: false }),
  ],
  { title: 'PullEvent', description: 'One event per line; the last is `pull-done` or `pull-failed`.' },
);

const PrunedModelSchema = Type.Object(
  {
    name: Type.String(),
    revisions: listOf(Type.String(), { description: 'Commits that are gone.' }),
    byteCount: Type.Integer({ description: 'Disk space that is free again.' }),
  },
  { title: 'PrunedModel', additionalProperties: false },
);

export const PrunedSchema = Type.Object(
  { pruned: listOf(PrunedModelSchema) },
  { title: 'PrunedModels', additionalProperties: false, description: 'What was deleted.' },
);

export const ModelChoiceSchema = Type.Object(
  {
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'Model name or folder; default: the model in the settings.' }),
    ),
  },
  { title: 'ModelChoice', additionalProperties: false },
);

export const UnloadBodySchema = Type.Object(
  { model: Type.Optional(Type.String({ minLength: 1, description: 'Model name or folder; default: all models.' })) },
  { title: 'UnloadRequest', additionalProperties: false },
);

/** A model on disk. */
export interface ListedModel extends Shape<typeof ListedModelSchema> {}
export interface AvailableModel extends Shape<typeof AvailableModelSchema> {}
export interface ModelRecommendation extends Shape<typeof RecommendationSchema> {}
export interface PrunedModel extends Shape<typeof PrunedModelSchema> {}
export interface PrunedModels extends Shape<typeof PrunedSchema> {}
export interface ModelList extends Shape<typeof ModelListSchema> {}
export type PullEvent = Shape<typeof PullEventSchema>;
