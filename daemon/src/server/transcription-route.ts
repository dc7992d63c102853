import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { HearthError } from '../errors/hearth-error.ts';
import { formats } from '../formats/formats.ts';
import type { Job } from '../jobs/job.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { answerFormat, mediaTypeOf } from './answer-format.ts';
import type { ServerRequest } from './create-server.ts';
import { sendError } from './error-handlers.ts';
import { eventStream } from './event-stream.ts';
import { type ReceivedRecording, receiveUpload, useFile } from './receive-recording.ts';
import type { ServerInstance } from './server-instance.ts';
import { TranscriptionQuerySchema } from './transcription-query-schema.ts';

const PathBodySchema = Type.Object(
  { path: Type.String({ minLength: 1, description: 'Absolute path of a recording that the daemon may read.' }) },
  { additionalProperties: false },
);

/** `POST /v1/transcriptions`: a recording's bytes, or its path as JSON, to a transcript or to events. */
export function addTranscriptionRoute(server: ServerInstance, context: ServerRequest): void {
  const { jobs, spool } = context;
  server.post(
    '/v1/transcriptions',
    { schema: { summary: 'Transcribe a recording', querystring: TranscriptionQuerySchema } },
    async (request, reply) => {
      const { format: wantedFormat, detach = false, ...options } = request.query;
      jobs.requireRoom();
      const model = await context.findModel(options.model ?? context.defaultModel);
      const recording =
        request.body instanceof Readable || request.body === undefined
          ? await receiveUpload(spool, request.body, request.headers['content-length'])
          : await useFile(pathIn(request.body));
      const job = await submit(context, recording, model.folder, options as TranscriptionOptions);
      if (detach) return reply.code(202).header('location', `/v1/jobs/${job.id}`).send(jobs.look(job.id));

      whenGone(reply, () => {
        if (job.endedAt === null) jobs.cancel(job.id);
      });
      const format = answerFormat(request.headers.accept, wantedFormat);
      reply.type(`${mediaTypeOf(format)}; charset=utf-8`);
      if (format === 'ndjson') return reply.send(eventStream(job.events, 0));
      for await (const _ of job.events.follow(0));
      return job.result === null ? sendFailure(reply, job) : reply.send(formats[format].write(job.result));
    },
  );
}

function pathIn(body: unknown): string {
  if (Value.Check(PathBodySchema, body)) return body.path;
  throw new HearthError(
    'REQUEST_INVALID',
    'Expected {"path": "/absolute/path"} as the JSON body, or the bytes of a recording under another content type.',
  );
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
