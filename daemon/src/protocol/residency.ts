import Type from 'typebox';
import { ComputationSchema, TrialSchema } from './computation.ts';
import { EngineStatusSchema } from './health.ts';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';

const MemorySchema = Type.Object(
  {
    residentBytes: Type.Integer(),
    peakResidentBytes: Type.Integer({ description: 'Most of it so far.' }),
    activeBytes: Type.Integer(),
    cacheBytes: Type.Integer(),
    peakBytes: Type.Integer(),
  },
  { title: 'EngineMemory', additionalProperties: false },
);

export const ModelSchema = Type.Object(
  {
    name: Type.String(),
    folder: Type.String(),
    device: oneOf('cpu', 'gpu'),
    operations: oneOf('cpu', 'mlx'),
    quantizationBits: orNull(Type.Integer()),
    ...ComputationSchema.properties,
    arithmetic: oneOf('exact', 'int8'),
    weightBytes: Type.Integer(),
    draft: orNull(
      Type.Object(
        { name: Type.String(), folder: Type.String(), weightBytes: Type.Integer() },
        { additionalProperties: false, description: 'The smaller model that guesses what this one says.' },
      ),
    ),
    batchSize: Type.Integer({ description: 'Windows decoded together if a job does not say how many.' }),
    neededBytes: Type.Integer({ description: 'What the engine was computed to take with it alone, at most.' }),
    heldBytes: Type.Integer({ description: 'What it was computed to hold in memory while it is idle.' }),
    deviceMemoryBytes: Type.Integer({ description: 'Memory that the device can work in.' }),
    choices: listOf(Type.String(), { description: 'Why it is computed so, in sentences.' }),
    trials: listOf(TrialSchema, { description: 'What was timed to choose; empty where there is no choice.' }),
    loadSeconds: Type.Number(),
    warmUpSeconds: Type.Number(),
  },
  { title: 'LoadedModel', additionalProperties: false },
);

const ResidentModelSchema = Type.Object(
  {
    ...ModelSchema.properties,
    lastUsedAt: Type.String({ format: 'date-time' }),
    isInUse: Type.Boolean({ description: 'Whether a job or a live session has it now.' }),
    isKept: Type.Boolean({ description: 'Whether the setting `keep` names it.' }),
    expiresAt: orNull(Type.String({ format: 'date-time' }), {
      description: 'When it goes if nobody uses it; null if it stays until another one needs the memory.',
    }),
  },
  { title: 'ResidentModel', additionalProperties: false },
);

export const ResidencySchema = Type.Object(
  {
    engine: Type.Object(
      { status: EngineStatusSchema, processId: orNull(Type.Integer()), memory: orNull(MemorySchema) },
      { additionalProperties: false },
    ),
    models: listOf(ResidentModelSchema, { description: 'The one used last first.' }),
    memoryBudgetBytes: orNull(Type.Integer(), {
      description: 'What the engine may take with all models together; null until it has loaded one.',
    }),
    server: Type.Object({ processId: Type.Integer(), residentBytes: Type.Integer() }, { additionalProperties: false }),
  },
  { title: 'Residency', additionalProperties: false, description: 'Loaded models and memory use.' },
);

export interface EngineMemory extends Shape<typeof MemorySchema> {}
export interface LoadedModel extends Shape<typeof ModelSchema> {}
export interface ResidentModel extends Shape<typeof ResidentModelSchema> {}
export interface Residency extends Shape<typeof ResidencySchema> {}
/** How a CPU multiplies: `exact` like openai/whisper, or with many rows in 8 bits, which is faster and slightly off. */
export type Arithmetic = LoadedModel['arithmetic'];
