import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HearthError } from '../errors/hearth-error.ts';
import { formats } from '../formats/formats.ts';
import type { Job } from '../jobs/job.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { answerFormat, mediaTypeOf } from './answer-format.ts';
import type { ServerRequest } from './create-server.ts';
import { sendError } from './error-handlers.ts';
import { eventStream } from './event-stream.ts';
import { type ReceivedRecording, receiveUpload, useFile } from './receive-recording.ts';
import { ErrorAnswerSchema } from './schemas/error-schema.ts';
import { JobSchema } from './schemas/job-schema.ts';
import { type RecordingBody, recordingContent } from './schemas/recording-body-schema.ts';
import { transcriptionContent } from './schemas/transcription-answer-schema.ts';
import { TranscriptionQuerySchema } from './schemas/transcription-query-schema.ts';
import type { ServerInstance } from './server-instance.ts';

const routeSchema = {
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
  server.post('/v1/transcriptions', { schema: routeSchema }, async (request, reply) => {
    const { format: wantedFormat, detach = false, ...options } = request.query;
    jobs.requireRoom();
    const model = await context.findModel(options.model ?? context.defaultModel);
    const body = request.body as RecordingBody;
    const recording =
      body === undefined || body instanceof Readable
        ? await receiveUpload(spool, body, request.headers['content-length'])
        : await useFile(body.path);
    const job = await submit(context, recording, model.folder, options as TranscriptionOptions);
    if (detach) return reply.code(202).header('location', `/v1/jobs/${job.id}`).send(jobs.look(job.id));

    whenGone(reply, () => {
      if (job.endedAt === null) jobs.cancel(job.id);
    });
    const format = answerFormat(request.headers.accept, wantedFormat);
    reply.type(`${mediaTypeOf(format)}; charset=utf-8`);
    if (format === 'ndjson') return reply.send(eventStream(job.events, 0));
    for await (const _ of job.events.follow(0));
    return job.result === null ? sendFailure(reply, job) : reply.send(formats[format].write(job.result, job.options));
  });
}

async function submit(
  { jobs }: ServerRequest,
  recording: ReceivedRecording,
  modelFolder: string,
  options: TranscriptionOptions,
): Promise<Job> {
  try {
    return jobs.submit({ ...recording, modelFolder, options });
  } catch (error) {
    await recording.release();
    throw error;
  }
}

/** Calls back when the client closes its connection, also when it did so while its recording was looked at. */
function whenGone({ raw }: FastifyReply, callBack: () => void): void {
  if (raw.destroyed) callBack();
  else raw.once('close', callBack);
}

function sendFailure(reply: FastifyReply, { id, error }: Job): FastifyReply {
  reply.type('application/json; charset=utf-8');
  const cancelled = new HearthError('CANCELLED', `Expected job ${id} to run to its end, got its cancellation.`);
  return sendError(reply, error ?? { code: cancelled.code, message: cancelled.message, hint: cancelled.hint });
}
