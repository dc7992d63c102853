import Type from 'typebox';
import { WireErrorSchema } from './error-answer.ts';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';

export const EngineStatusSchema = oneOf('starting', 'loading', 'ready', 'restarting', 'failed', 'unloaded', 'stopped');

const EngineSchema = Type.Object(
  {
    status: EngineStatusSchema,
    loadingProgress: orNull(Type.Number(), { description: 'How much of loading and warm-up is done, 0 to 1.' }),
    model: orNull(Type.String()),
    restarts: Type.Integer(),
    lastError: orNull(WireErrorSchema),
  },
  { title: 'EngineHealth', additionalProperties: false },
);

export const HealthSchema = Type.Object(
  {
    status: oneOf('ok', 'starting', 'degraded', 'stopping'),
    version: Type.String(),
    processId: Type.Integer(),
    uptimeSeconds: Type.Number(),
    listen: orNull(Type.String(), {
      description: 'The TCP address that the daemon also listens on; null if there is none.',
    }),
    engine: EngineSchema,
    jobs: Type.Object({ queued: Type.Integer(), running: Type.Integer() }, { additionalProperties: false }),
    problems: listOf(WireErrorSchema, {
      description: 'Why the status is `degraded`, and what to do about each problem.',
    }),
    warnings: listOf(Type.String(), { description: 'What the user should know. The daemon keeps working.' }),
  },
  {
    title: 'Health',
    additionalProperties: false,
    description: 'The health of the daemon; `status` says whether it can transcribe.',
  },
);

/** The answer of `GET /v1/health`: whether the daemon can transcribe, and if not, why. */
export interface Health extends Shape<typeof HealthSchema> {}
