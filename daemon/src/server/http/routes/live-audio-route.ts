import Type from 'typebox';
import { HearthError } from '../../../errors/hearth-error.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { JobEventSchema } from '../../../protocol/job-events.ts';
import { answerWithEvents } from '../event-stream.ts';
import { receiveLive } from '../live/receive-live.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';

const routeSchema = {
  operationId: 'continueLive',
  tags: ['Jobs'],
  summary: 'Go on with a live session',
  description: 'For a client whose connection broke. The session waits 60 s for it, then it ends with what it has.',
  params: Type.Object({ id: Type.String({ minLength: 1 }) }),
  querystring: Type.Object(
    {
      offset: Type.Integer({
        minimum: 0,
        description:
          'Where the body begins, in bytes of the sound sent so far: at most `receivedBytes`, which `GET /v1/jobs/{id}` tells.',
      }),
      from: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Number of the first event to send.' })),
    },
    { additionalProperties: false },
  ),
  body: { content: { 'application/octet-stream': { schema: Type.Unknown({ description: 'More of the sound.' }) } } },
  response: {
    200: {
      description: 'The events of the job.',
      content: { 'application/x-ndjson': { schema: Type.Unsafe<import('node:stream').Readable>(JobEventSchema) } },
    },
    '4xx': ErrorAnswerSchema,
    '5xx': ErrorAnswerSchema,
  },
};

/** `POST /v1/jobs/:id/audio`: goes on sending to a live session. */
export function addLiveAudioRoute(
  server: ServerInstance,
  { jobs, answerPace }: Pick<Services, 'jobs' | 'answerPace'>,
): void {
  const route = { schema: routeSchema, config: { longAnswer: 'transcript' } } as const;
  server.post('/v1/jobs/:id/audio', route, async (request, reply) => {
    const job = jobs.get(request.params.id);
    const { offset, from = 0 } = request.query;
    if (job.live === null) {
      throw new HearthError('REQUEST_INVALID', 'Expected a live session, got a job whose recording is complete.');
    }
    const { input } = job.live;
    const receivedBytes = input.receivedBytes();
    if (offset > receivedBytes) {
      const message = `Expected an offset of at most ${receivedBytes}, which is what has come, got ${offset}.`;
      throw new HearthError('REQUEST_INVALID', message);
    }
    const sender = input.attach();
    void receiveLive(request, { job, sender, skippedBytes: receivedBytes - offset });
    return answerWithEvents(reply, job, { from, pace: answerPace });
  });
}
