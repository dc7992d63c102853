import type { Readable } from 'node:stream';
import Type from 'typebox';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { JobListSchema, JobSchema } from '../../../protocol/job.ts';
import { JobEventSchema } from '../../../protocol/job-events.ts';
import { answerWithEvents } from '../event-stream.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const params = Type.Object({ id: Type.String({ minLength: 1 }) });
const firstEvent = 0;
const querystring = Type.Object(
  {
    from: Type.Optional(
      Type.Integer({ minimum: firstEvent, default: firstEvent, description: 'Number of the first event to send.' }),
    ),
  },
  { additionalProperties: false },
);
const events = {
  description: 'The events of the job so far, then each new one until it ends.',
  content: { 'application/x-ndjson': { schema: Type.Unsafe<Readable>(JobEventSchema) } },
};
const failures = { '4xx': ErrorAnswerSchema };

const listJobsSchema = {
  operationId: 'listJobs',
  tags: ['Jobs'],
  summary: 'List the jobs',
  response: { 200: JobListSchema, ...failures },
};

const getJobSchema = {
  operationId: 'getJob',
  tags: ['Jobs'],
  summary: 'Get a job',
  params,
  response: { 200: JobSchema, ...failures },
};

const followJobSchema = {
  operationId: 'followJob',
  tags: ['Jobs'],
  summary: 'Follow a job',
  params,
  querystring,
  response: { 200: events, ...failures },
};

const cancelJobSchema = {
  operationId: 'cancelJob',
  tags: ['Jobs'],
  summary: 'Cancel a job',
  params,
  response: { 200: JobSchema, ...failures },
};

/** List, get, follow and cancel jobs. */
export function addJobRoutes(
  server: ServerInstance,
  { jobs, answerPace }: Pick<Services, 'jobs' | 'answerPace'>,
): void {
  server.get('/v1/jobs', { schema: listJobsSchema }, async () => ({ jobs: jobs.list() }));

  server.get('/v1/jobs/:id', { schema: getJobSchema }, async (request) => jobs.look(request.params.id));

  server.get(
    '/v1/jobs/:id/events',
    { schema: followJobSchema, config: { longAnswer: 'events' } },
    async (request, reply) => {
      const job = jobs.get(request.params.id);
      return answerWithEvents(reply, job, { from: request.query.from ?? firstEvent, pace: answerPace });
    },
  );

  server.delete('/v1/jobs/:id', { schema: cancelJobSchema }, async (request) => {
    jobs.cancel(request.params.id);
    return jobs.look(request.params.id);
  });
}
