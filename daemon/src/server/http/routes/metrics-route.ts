import { Gauge } from 'prom-client';
import Type from 'typebox';
import type { ModelsInMemory } from '../../../protocol/engine-messages.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const getMetricsSchema = {
  operationId: 'getMetrics',
  tags: ['Daemon'],
  summary: 'Counters and gauges for Prometheus',
  response: {
    200: { description: 'Prometheus text.', content: { 'text/plain': { schema: Type.String() } } },
    '4xx': ErrorAnswerSchema,
  },
};

/** `GET /metrics`: counters, and the current state. */
export function addMetricsRoute(
  server: ServerInstance,
  { metrics: { registry }, jobs, supervisor }: Pick<Services, 'metrics' | 'jobs' | 'supervisor'>,
): void {
  for (const [name, help, read] of gauges({ jobs, supervisor })) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
  for (const [name, help, read] of modelGauges) {
    new Gauge({
      name,
      help,
      labelNames: ['model'],
      registers: [registry],
      collect() {
        this.reset();
        for (const model of supervisor.state().models) this.set({ model: model.name }, read(model));
      },
    });
  }
  server.get('/metrics', { schema: getMetricsSchema }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

type Resident = ModelsInMemory['models'][number];

/** Of each model in memory. */
const modelGauges: readonly (readonly [name: string, help: string, read: (model: Resident) => number])[] = [
  [
    'hearth_model_held_bytes',
    'What a model holds in memory while it is idle, as computed.',
    (model) => model.heldBytes,
  ],
  ['hearth_model_in_use', '1 while a job or a live session has the model.', (model) => (model.isInUse ? 1 : 0)],
  [
    'hearth_model_last_use_timestamp_seconds',
    'When a model in memory was last used.',
    (model) => Date.parse(model.lastUsedAt) / 1000,
  ],
];

type Reading = readonly [name: string, help: string, read: () => number];

function gauges({ jobs, supervisor }: Pick<Services, 'jobs' | 'supervisor'>): readonly Reading[] {
  const engine = () => supervisor.state();
  return [
    ['hearth_jobs_queued', 'Jobs waiting for the engine.', () => jobs.counts().queued],
    ['hearth_jobs_running', 'Jobs running on the engine.', () => jobs.counts().running],
    ['hearth_engine_ready', '1 while the engine takes jobs.', () => (engine().status === 'ready' ? 1 : 0)],
    ['hearth_engine_restarts', 'Restarts of the engine after a failure.', () => engine().restarts],
    ['hearth_engine_resident_bytes', 'Memory of the engine.', () => engine().memory?.residentBytes ?? 0],
    ['hearth_engine_active_bytes', "Memory of MLX's arrays.", () => engine().memory?.activeBytes ?? 0],
    ['hearth_engine_peak_bytes', "Most memory of MLX's arrays so far.", () => engine().memory?.peakBytes ?? 0],
    ['hearth_server_resident_bytes', 'Memory of the server process.', () => process.memoryUsage.rss()],
    ['hearth_server_heap_bytes', "Memory of the server's JavaScript objects.", () => process.memoryUsage().heapUsed],
    ['hearth_uptime_seconds', 'Time since the server process started.', () => process.uptime()],
  ];
}
