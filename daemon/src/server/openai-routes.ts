import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyReply } from 'fastify';
import Type from 'typebox';
import { errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { toWireError, type WireError } from '../errors/wire-error.ts';
import { acceptJob } from './accept-job.ts';
import { clientOf } from './client-of.ts';
import type { ServerRequest } from './create-server.ts';
import { drainRequest } from './drain-request.ts';
import { fromFastify, retryAfterSeconds } from './error-handlers.ts';
import { openAiError } from './openai-error.ts';
import { type OpenAiForm, openAiFormats, readOpenAiForm } from './openai-form.ts';
import { openAiStream } from './openai-stream.ts';
import { writeOpenAiTranscript } from './openai-transcript.ts';
import { oneOf } from './schemas/one-of.ts';
import type { ServerInstance } from './server-instance.ts';
import { whenGone } from './when-gone.ts';

const fieldLimits = { fields: 50, fieldSize: 64 * 1024, files: 5, parts: 60, fileSize: Number.POSITIVE_INFINITY };

const form = Type.Object({
  file: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'The recording.' }),
  model: Type.String({ description: 'A model of Hearth; the names of OpenAI mean the model of the settings.' }),
  language: Type.Optional(Type.String()),
  prompt: Type.Optional(Type.String()),
  response_format: Type.Optional(oneOf(...openAiFormats)),
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  'timestamp_granularities[]': Type.Optional(Type.Array(oneOf('word', 'segment'))),
  stream: Type.Optional(Type.Boolean({ description: 'Answer with server-sent events.' })),
});

const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      message: Type.String(),
      type: oneOf('invalid_request_error', 'server_error'),
      param: Type.Null(),
      code: Type.String(),
    }),
  },
  { description: 'The request failed.' },
);

type Answer = string | Readable | ReturnType<typeof openAiError>;

function schemaOf(summary: string) {
  const content = {
    'application/json': { schema: Type.Unsafe<Answer>(Type.Object({ text: Type.String() })) },
    'text/plain': { schema: Type.Unsafe<Answer>(Type.String()) },
    'text/event-stream': { schema: Type.Unsafe<Answer>(Type.Object({ data: Type.String() })) },
  };
  return {
    summary,
    description: "OpenAI's request and answer. A connection that ends cancels the job.",
    body: { content: { 'multipart/form-data': { schema: form } } },
    response: { 200: { description: 'The transcript.', content }, '4xx': ErrorSchema, '5xx': ErrorSchema },
  };
}

/** What OpenAI's clients ask, answered as OpenAI does: `POST /v1/audio/transcriptions` and `/v1/audio/translations`. */
export async function addOpenAiRoutes(server: ServerInstance, context: ServerRequest): Promise<void> {
  // In a scope of its own: elsewhere a form is a recording like any other body, and errors are Hearth's.
  await server.register(async (scope: ServerInstance) => {
    await scope.register(multipart, { limits: fieldLimits });
    scope.setValidatorCompiler(() => () => true);
    scope.setErrorHandler((thrown: FastifyError, request, reply) => {
      const error = toWireError(fromFastify(thrown));
      if (error.code === 'INTERNAL') request.log.error({ err: thrown }, 'request failed');
      return fail(reply, error);
    });
    for (const [path, task, summary] of [
      ['/v1/audio/transcriptions', 'transcribe', 'Transcribe a recording, as OpenAI does'],
      ['/v1/audio/translations', 'translate', 'Translate a recording into English, as OpenAI does'],
    ] as const) {
      scope.post(path, { schema: schemaOf(summary) }, async (request, reply) => {
        const asked = Promise.withResolvers<OpenAiForm>();
        const job = await acceptJob(context, {
          ...{ client: clientOf(request), detached: false, kept: true },
          async receive() {
            const { recording, form } = await readOpenAiForm(request, { spool: context.spool, task });
            asked.resolve(form);
            return { ...recording, options: form.options };
          },
        });
        whenGone(reply, () => {
          if (job.endedAt === null) context.jobs.cancel(job.id);
        });
        const wanted = await asked.promise;
        if (wanted.stream) return reply.type('text/event-stream; charset=utf-8').send(openAiStream(job));
        for await (const _ of job.events.follow(0));
        if (job.result === null) return fail(reply, job.error ?? toWireError(cancelled(job.id)));
        const { mediaType, body } = writeOpenAiTranscript(job.result, wanted);
        return reply.type(mediaType).serializer(String).send(body);
      });
    }
  });
}

function fail(reply: FastifyReply, error: WireError): FastifyReply {
  const { status } = errorCodes[error.code];
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  drainRequest(reply.request.raw);
  return reply.code(status).type('application/json; charset=utf-8').send(openAiError(error));
}

function cancelled(id: string): HearthError {
  return new HearthError('CANCELLED', `Expected job ${id} to run to its end, got its cancellation.`);
}
