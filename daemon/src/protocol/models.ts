import Type from 'typebox';
import { WireErrorSchema } from './error-answer.ts';
import { repositoryPattern } from './repository-name.ts';
import { oneOf, type Shape } from './schema-parts.ts';

const ListedModelSchema = Type.Object(
  {
    name: Type.String(),
    folder: Type.String(),
    source: oneOf('embedded', 'hub', 'folder'),
    byteCount: Type.Integer(),
    isDefault: Type.Boolean({ description: 'Whether jobs that name no model use it.' }),
    isResident: Type.Boolean(),
  },
  { title: 'ListedModel', additionalProperties: false },
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
        pattern: '^[\\w-][\\w.-]{0,99}$',
        description: 'A branch, a tag or a commit; default: the commit that Hearth pins, or else `main`.',
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

export const ModelChoiceSchema = Type.Object(
  {
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'Model name or folder; default: the model in the settings.' }),
    ),
  },
  { title: 'ModelChoice', additionalProperties: false },
);

/** A model on disk. */
export interface ListedModel extends Shape<typeof ListedModelSchema> {}
export interface ModelList extends Shape<typeof ModelListSchema> {}
export type PullEvent = Shape<typeof PullEventSchema>;
