import type { Health } from '../../../messages/health.ts';
import { ErrorAnswerSchema } from '../../schemas/error-schema.ts';
import { HealthSchema } from '../../schemas/health-schema.ts';
import { ResidencySchema } from '../../schemas/residency-schema.ts';
import type { EngineState } from '../../supervisor/supervisor.ts';
import type { ServerRequest } from '../create-server.ts';
import type { ServerInstance } from '../server-instance.ts';

/** Over TCP without the token. */
const failures = { '4xx': ErrorAnswerSchema };

/** How the daemon is, and what is resident. */
export function addHealthRoutes(server: ServerInstance, context: ServerRequest): void {
  const { supervisor, jobs, version, isStopping } = context;

  server.get(
    '/v1/health',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['Daemon'],
        summary: 'Tell how the daemon is',
        response: { 200: HealthSchema, ...failures },
      },
    },
    async (): Promise<Health> => {
      const { status, loadingProgress, model, restarts, lastError } = supervisor.state();
      const problems = await context.problems();
      return {
        status: isStopping() ? 'stopping' : healthOf(status, problems),
        version,
        processId: process.pid,
        uptimeSeconds: process.uptime(),
        listen: context.listenAddress(),
        engine: { status, loadingProgress, model: model?.name ?? null, restarts, lastError },
        jobs: jobs.counts(),
        problems,
        warnings: context.warnings(),
      };
    },
  );

  server.get(
    '/v1/ps',
    {
      schema: {
        operationId: 'getResidency',
        tags: ['Daemon'],
        summary: 'Tell which model is resident, and the memory in use',
        response: { 200: ResidencySchema, ...failures },
      },
    },
    async () => {
      const { model, memory, processId, status } = supervisor.state();
      return {
        engine: { status, processId, memory },
        models: model === null ? [] : [model],
        server: { processId: process.pid, residentBytes: process.memoryUsage.rss() },
      };
    },
  );
}

function healthOf(engine: EngineState['status'], problems: Health['problems']): Health['status'] {
  if (engine === 'failed' || problems.length > 0) return 'degraded';
  return engine === 'ready' || engine === 'unloaded' ? 'ok' : 'starting';
}
