import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import type { PullEvent } from '../../../protocol/models.ts';
import { PullBodySchema, PullEventSchema } from '../../../protocol/models.ts';
import { toWireError } from '../../../protocol/wire-error.ts';
import type { PullOrder } from '../../models/model-store.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';
import { whenGone } from '../when-gone.ts';

/** The shortest time between two progress reports. */
const progressIntervalMs = 200;

const failures = { '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema };
const pullContent = { 'application/x-ndjson': { schema: Type.Unsafe<Readable>(PullEventSchema) } };

const pullModelSchema = {
  operationId: 'pullModel',
  tags: ['Models'],
  summary: 'Download a model from the Hub',
  description: 'An interrupted download continues where it stopped when it is requested again.',
  body: PullBodySchema,
  response: { 200: { description: 'Progress of the download.', content: pullContent }, ...failures },
};

/** `POST /v1/models/pull`: downloads a model and reports its progress. */
export function addPullRoute(server: ServerInstance, { models }: Pick<Services, 'models'>): void {
  server.post(
    '/v1/models/pull',
    { schema: pullModelSchema, config: { longAnswer: 'pull' } },
    async (request, reply) => {
      const { repository, revision, folder, offlinePath } = request.body;
      if (offlinePath !== undefined) refuseModelPath(request, offlinePath);
      reply.type('application/x-ndjson; charset=utf-8');
      return reply.send(pull(reply, models, { repository, revision, folder, offlinePath }));
    },
  );
}

/** The events of a download, which ends with its connection. */
function pull(
  reply: FastifyReply,
  models: Services['models'],
  order: Omit<PullOrder, 'signal' | 'onProgress'>,
): Readable {
  const lines = new PassThrough();
  const abort = new AbortController();
  whenGone(reply, () => abort.abort());
  const send = (event: PullEvent) => void lines.write(`${JSON.stringify(event)}\n`);
  let sentAtMs = Number.NEGATIVE_INFINITY;
  function onProgress(progress: { readonly receivedBytes: number; readonly totalBytes: number }): void {
    const nowMs = performance.now();
    const isLast = progress.receivedBytes === progress.totalBytes;
    if (nowMs - sentAtMs < progressIntervalMs && !isLast) return;
    sentAtMs = nowMs;
    send({ type: 'pull-progress', ...progress });
  }
  models
    .pull({ ...order, signal: abort.signal, onProgress })
    .then(
      ({ name, folder }) => send({ type: 'pull-done', name, folder }),
      (thrown: unknown) => {
        const error = toWireError(thrown);
        if (error.code === 'INTERNAL') reply.log.error({ err: thrown }, 'pull met a fault');
        send({ type: 'pull-failed', error });
      },
    )
    .finally(() => lines.end());
  return lines;
}
