import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyReply } from 'fastify';
import Type from 'typebox';
import { errorCodes } from '../../../errors/error-codes.ts';
import { HearthError } from '../../../errors/hearth-error.ts';
import { toWireError, type WireError } from '../../../errors/wire-error.ts';
import { ErrorAnswerSchema } from '../../schemas/error-schema.ts';
import { oneOf } from '../../schemas/one-of.ts';
import { acceptJob } from '../accept-job.ts';
import { clientOf } from '../client-of.ts';
import type { ServerRequest } from '../create-server.ts';
import { drainRequest } from '../drain-request.ts';
import { fromFastify, retryAfterSeconds } from '../error-handlers.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import { answerWithTranscript, endsSoon, failureOf } from '../job-answer.ts';
import { defaultAnswerPace } from '../kept-alive.ts';
import type { ServerInstance } from '../server-instance.ts';
import { whenGone } from '../when-gone.ts';
import { openAiError } from './openai-error.ts';
import { type OpenAiForm, openAiFormats } from './openai-fields.ts';
import { formParsing, readOpenAiForm } from './openai-form.ts';
import { openAiStream } from './openai-stream.ts';
import { openAiMediaTypes, writeOpenAiTranscript } from './openai-transcript.ts';

const form = Type.Object(
  {
    file: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'The recording.' }),
    model: Type.Optional(
      Type.String({ description: 'A model of Hearth. A name of OpenAI’s, or none, means the model of the settings.' }),
    ),
    language: Type.Optional(Type.String({ description: 'The language spoken; default: detected.' })),
    'languages[]': Type.Optional(
      Type.Array(Type.String(), { description: 'The languages that may be spoken; the likeliest is taken.' }),
    ),
    prompt: Type.Optional(Type.String({ description: 'Text before the recording, for names and spelling.' })),
    'keywords[]': Type.Optional(Type.Array(Type.String(), { description: 'Names and terms to listen for.' })),
    response_format: Type.Optional(oneOf(...openAiFormats)),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    'timestamp_granularities[]': Type.Optional(
      Type.Array(oneOf('word', 'segment'), { description: 'With `response_format` verbose_json.' }),
    ),
    stream: Type.Optional(Type.Boolean({ description: 'Answer with server-sent events.' })),
    chunking_strategy: Type.Optional(Type.Literal('auto', { description: 'Hearth always finds the pauses itself.' })),
  },
  { additionalProperties: false },
);

type Answer = string | Readable | ReturnType<typeof openAiError>;

function schemaOf(operationId: string, summary: string) {
  const content = {
    'application/json': { schema: Type.Unsafe<Answer>(Type.Object({ text: Type.String() })) },
    'text/plain': { schema: Type.Unsafe<Answer>(Type.String()) },
    'text/event-stream': { schema: Type.Unsafe<Answer>(Type.Object({ data: Type.String() })) },
  };
  return {
    operationId,
    tags: ['OpenAI'],
    summary,
    description: "OpenAI's request and answer. A connection that ends cancels the job.",
    body: { content: { 'multipart/form-data': { schema: form } } },
    response: { 200: { description: 'The transcript.', content }, '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema },
  };
}

/** What OpenAI's clients ask, answered as OpenAI does: `POST /v1/audio/transcriptions` and `/v1/audio/translations`. */
export async function addOpenAiRoutes(server: ServerInstance, context: ServerRequest): Promise<void> {
  // In a scope of its own: elsewhere a form is not parsed, and hints stand beside messages.
  await server.register(async (scope: ServerInstance) => {
    await scope.register(multipart, formParsing);
    scope.setValidatorCompiler(() => () => true);
    scope.setErrorHandler((thrown: FastifyError, request, reply) => {
      const error = toWireError(fromFastify(thrown));
      if (error.code === 'INTERNAL') request.log.error({ err: thrown }, 'request failed');
      return fail(reply, error, thrown instanceof HearthError ? thrown.param : null);
    });
    for (const [path, task, operationId, summary] of [
      ['/v1/audio/transcriptions', 'transcribe', 'createTranscription', 'Transcribe a recording, as OpenAI does'],
      ['/v1/audio/translations', 'translate', 'createTranslation', 'Translate into English, as OpenAI does'],
    ] as const) {
      scope.post(path, { schema: schemaOf(operationId, summary) }, async (request, reply) => {
        const asked = Promise.withResolvers<OpenAiForm>();
        const job = await acceptJob(context, {
          client: clientOf(request),
          isFromNetwork: isFromNetwork(request),
          requireModel: (model) => refuseModelPath(request, model),
          detached: false,
          kept: true,
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
        const pace = context.answerPace ?? defaultAnswerPace;
        if (wanted.stream) {
          await endsSoon(job, pace, ({ type }) => type === 'segments-decoded');
          if (job.endedAt !== null && job.result === null) return fail(reply, failureOf(job));
          return reply.type('text/event-stream; charset=utf-8').send(openAiStream(job, pace));
        }
        const answer = {
          format: wanted.format,
          mediaType: openAiMediaTypes[wanted.format],
          write: (transcript: NonNullable<typeof job.result>) => writeOpenAiTranscript(transcript, wanted),
          fail,
          errorBody: (error: WireError) => openAiError(error),
        };
        return answerWithTranscript(reply, job, answer, pace);
      });
    }
  });
}

function fail(reply: FastifyReply, error: WireError, param: string | null = null): FastifyReply {
  const { status } = errorCodes[error.code];
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  drainRequest(reply.request.raw);
  return reply.code(status).type('application/json; charset=utf-8').send(openAiError(error, param));
}
