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
  summary: 'Get the loaded model and memory use',
  response: { 200: ResidencySchema, ...failures },
};

/** The daemon's health, its loaded model and its memory use. */
export function addHealthRoutes(
  server: ServerInstance,
  { health, supervisor }: Pick<Services, 'health' | 'supervisor'>,
): void {
  server.get('/v1/health', { schema: getHealthSchema }, () => health());

  server.get('/v1/ps', { schema: getResidencySchema }, async () => {
    const { model, memory, processId, status } = supervisor.state();
    return {
      engine: { status, processId, memory },
      models: model === null ? [] : [model],
      server: { processId: process.pid, residentBytes: process.memoryUsage.rss() },
    };
  });
}
