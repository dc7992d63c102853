import type { ModelsInMemory } from '../../../protocol/engine-messages.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { HealthSchema } from '../../../protocol/health.ts';
import { ResidencySchema } from '../../../protocol/residency.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

/** For requests over TCP without the token. */
const failures = { '4xx': ErrorAnswerSchema };

const getHealthSchema = {
  operationId: 'getHealth',
  tags: ['Daemon'],
  summary: 'Get the health of the daemon',
  response: { 200: HealthSchema, ...failures },
};

const getResidencySchema = {
  operationId: 'getResidency',
  tags: ['Daemon'],
  summary: 'Get the models in memory, and memory use',
  response: { 200: ResidencySchema, ...failures },
};

/** The daemon's health, its models in memory and its memory use. */
export function addHealthRoutes(
  server: ServerInstance,
  { health, supervisor, keepAliveMs }: Pick<Services, 'health' | 'supervisor' | 'keepAliveMs'>,
): void {
  server.get('/v1/health', { schema: getHealthSchema }, () => health());

  server.get('/v1/ps', { schema: getResidencySchema }, async () => {
    const { models, memory, memoryBudgetBytes, processId, status } = supervisor.state();
    return {
      engine: { status, processId, memory },
      models: models.map((model) => ({ ...model, expiresAt: expiryOf(model, keepAliveMs()) })),
      memoryBudgetBytes,
      server: { processId: process.pid, residentBytes: process.memoryUsage.rss() },
    };
  });
}

function expiryOf({ isInUse, isKept, lastUsedAt }: ModelsInMemory['models'][number], keepAliveMs: number | null) {
  if (isInUse || isKept || keepAliveMs === null) return null;
  return new Date(Date.parse(lastUsedAt) + keepAliveMs).toISOString();
}
