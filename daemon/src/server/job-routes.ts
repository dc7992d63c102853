import Type from 'typebox';
import type { ServerRequest } from './create-server.ts';
import { eventStream } from './event-stream.ts';
import type { ServerInstance } from './server-instance.ts';

const IdSchema = Type.Object({ id: Type.String({ minLength: 1 }) });
const FromSchema = Type.Object(
  { from: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Number of the first event wanted.' })) },
  { additionalProperties: false },
);

/** Looking at jobs, following them and ending them. */
export function addJobRoutes(server: ServerInstance, { jobs }: ServerRequest): void {
  server.get('/v1/jobs', { schema: { summary: 'List the jobs' } }, async () => ({ jobs: jobs.list() }));

  server.get('/v1/jobs/:id', { schema: { summary: 'Look at a job', params: IdSchema } }, async ({ params }) =>
    jobs.look(params.id),
  );

  server.get(
    '/v1/jobs/:id/events',
    { schema: { summary: 'Follow a job as NDJSON', params: IdSchema, querystring: FromSchema } },
    async ({ params, query }, reply) =>
      reply.type('application/x-ndjson').send(eventStream(jobs.get(params.id).events, query.from ?? 0)),
  );

  server.delete('/v1/jobs/:id', { schema: { summary: 'Cancel a job', params: IdSchema } }, async ({ params }) => {
    jobs.cancel(params.id);
    return jobs.look(params.id);
  });
}
