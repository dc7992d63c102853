import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import type { WireError } from '../../../errors/wire-error.ts';
import { formats } from '../../../formats/formats.ts';
import { normalizeOptions } from '../../../options/normalize-options.ts';
import type { TranscriptionOptions } from '../../../options/transcription-options.ts';
import type { Spool } from '../../jobs/spool.ts';
import { ErrorAnswerSchema } from '../../schemas/error-schema.ts';
import { JobSchema } from '../../schemas/job-schema.ts';
import { type RecordingBody, recordingContent } from '../../schemas/recording-body-schema.ts';
import { transcriptionContent } from '../../schemas/transcription-answer-schema.ts';
import { TranscriptionQuerySchema } from '../../schemas/transcription-query-schema.ts';
import { acceptJob } from '../accept-job.ts';
import { answerFormat, mediaTypeOf } from '../answer-format.ts';
import { clientOf } from '../client-of.ts';
import type { ServerRequest } from '../create-server.ts';
import { errorAnswer } from '../error-answer.ts';
import { sendError } from '../error-handlers.ts';
import { eventStream } from '../event-stream.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import { answerWithTranscript } from '../job-answer.ts';
import { defaultAnswerPace } from '../kept-alive.ts';
import { receiveUpload, takeFile } from '../receive-recording.ts';
import type { ServerInstance } from '../server-instance.ts';
import { whenGone } from '../when-gone.ts';

const routeSchema = {
  operationId: 'transcribe',
  tags: ['Transcriptions'],
  summary: 'Transcribe a recording',
  description: 'A connection that ends cancels the job, unless `detach` is set.',
  querystring: TranscriptionQuerySchema,
  body: { content: recordingContent },
  response: {
    200: { description: 'The transcript, or the events of its job.', content: transcriptionContent },
    202: JobSchema,
    '4xx': ErrorAnswerSchema,
    '5xx': ErrorAnswerSchema,
  },
};

/** `POST /v1/transcriptions`: a recording's bytes, or its path as JSON, to a transcript or to events. */
export function addTranscriptionRoute(server: ServerInstance, context: ServerRequest): void {
  const { jobs, spool } = context;
  server.post('/v1/transcriptions', { schema: routeSchema, onRequest: refuseForms }, async (request, reply) => {
    const { format: wantedFormat, detach = false, priority, name, history = true, ...given } = request.query;
    const options = normalizeOptions(given as TranscriptionOptions);
    const job = await acceptJob(context, {
      client: clientOf(request),
      isFromNetwork: isFromNetwork(request),
      requireModel: (model) => refuseModelPath(request, model),
      ...{ model: options.model, detached: detach, priority, kept: history },
      async receive() {
        const received = await receive(request, spool, detach);
        return { ...received, name: name ?? received.name, options };
      },
    });
    if (detach) return reply.code(202).header('location', `/v1/jobs/${job.id}`).send(jobs.look(job.id));

    whenGone(reply, () => {
      if (job.endedAt === null) jobs.cancel(job.id);
    });
    const format = answerFormat(request.headers.accept, wantedFormat);
    const mediaType = mediaTypeOf(format);
    const pace = context.answerPace ?? defaultAnswerPace;
    if (format === 'ndjson') return reply.type(`${mediaType}; charset=utf-8`).send(eventStream(job.events, 0, pace));
    const answer = {
      format,
      mediaType,
      write: (transcript: NonNullable<typeof job.result>) => formats[format].write(transcript, job.options),
      fail: sendError,
      errorBody: (error: WireError) => errorAnswer(error),
    };
    return answerWithTranscript(reply, job, answer, pace);
  });
}

/** A form would be stored and decoded as if it were sound. @throws `REQUEST_INVALID` */
async function refuseForms({ headers }: FastifyRequest): Promise<void> {
  if (!/^multipart\//i.test(headers['content-type'] ?? '')) return;
  throw new HearthError('REQUEST_INVALID', 'Expected the bytes of a recording, got a form.', {
    hint: 'Post the form to /v1/audio/transcriptions, or send the bytes alone: `curl -X POST -T talk.mp3`.',
  });
}

async function receive(request: FastifyRequest, spool: Spool, durable: boolean) {
  const body = request.body as RecordingBody;
  if (body === undefined || body instanceof Readable) {
    const contentLength = request.headers['content-length'];
    return { ...(await receiveUpload(spool, body, { contentLength, durable })), name: null };
  }
  if (isFromNetwork(request)) throw pathFromNetwork();
  const received = await takeFile(spool, body.path, { durable });
  return { ...received, name: received.uploaded ? null : basename(body.path) };
}

function pathFromNetwork(): HearthError {
  return new HearthError('REQUEST_REFUSED', 'Expected the bytes of a recording over TCP, got a path.', {
    hint: 'Paths name files of this machine; send the bytes.',
  });
}
