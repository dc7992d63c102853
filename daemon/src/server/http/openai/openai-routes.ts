import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import Type from 'typebox';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { oneOf } from '../../../protocol/schema-parts.ts';
import type { Transcript } from '../../../protocol/transcript.ts';
import { acceptJob } from '../accept-job.ts';
import { clientOf } from '../client-of.ts';
import { answerErrors } from '../error-answers.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import { answerWithTranscript, endsSoon, requireTranscript } from '../job-answer.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';
import { cancelWhenGone } from '../when-gone.ts';
import { openAiError } from './openai-error.ts';
import { type OpenAiTask, openAiFormats } from './openai-fields.ts';
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
    description: "OpenAI's request and answer. Closing the connection cancels the job.",
    body: { content: { 'multipart/form-data': { schema: form } } },
    response: { 200: { description: 'The transcript.', content }, '4xx': ErrorAnswerSchema, '5xx': ErrorAnswerSchema },
  };
}

type OpenAiServices = Pick<Services, 'jobs' | 'models' | 'spool' | 'answerPace'>;

/** OpenAI's routes with OpenAI's answers: `POST /v1/audio/transcriptions` and `/v1/audio/translations`. */
export async function addOpenAiRoutes(server: ServerInstance, services: OpenAiServices): Promise<void> {
  // In their own scope: elsewhere, forms are not parsed, and hints are separate from messages.
  await server.register(async (scope: ServerInstance) => {
    await scope.register(multipart, formParsing);
    scope.setValidatorCompiler(() => () => true);
    answerErrors(scope, openAiError);
    addOpenAiRoute(scope, services, {
      path: '/v1/audio/transcriptions',
      task: 'transcribe',
      schema: schemaOf('createTranscription', 'Transcribe a recording, as OpenAI does'),
    });
    addOpenAiRoute(scope, services, {
      path: '/v1/audio/translations',
      task: 'translate',
      schema: schemaOf('createTranslation', 'Translate into English, as OpenAI does'),
    });
  });
}

interface OpenAiRoute {
  readonly path: string;
  readonly task: OpenAiTask;
  readonly schema: ReturnType<typeof schemaOf>;
}

function addOpenAiRoute(
  scope: ServerInstance,
  { jobs, models, spool, answerPace }: OpenAiServices,
  { path, task, schema }: OpenAiRoute,
): void {
  scope.post(path, { schema, config: { longAnswer: 'transcript' } }, async (request, reply) => {
    const { job, received } = await acceptJob(
      { jobs, models, spool },
      {
        client: clientOf(request),
        isFromNetwork: isFromNetwork(request),
        requireModel: (model) => refuseModelPath(request, model),
        detached: false,
        priority: null,
        kept: true,
        receive: () => readOpenAiForm(request, { spool, task }),
      },
    );
    cancelWhenGone(reply, job, jobs);
    if (received.stream) {
      await endsSoon(job, answerPace, ({ type }) => type === 'segments-decoded');
      if (job.endedAt !== null) requireTranscript(await job.ended);
      return reply.type('text/event-stream; charset=utf-8').send(openAiStream(job, answerPace));
    }
    const { format } = received;
    const mediaType = openAiMediaTypes[format];
    const write = (transcript: Transcript) => writeOpenAiTranscript(transcript, received);
    return answerWithTranscript(reply, job, { format, mediaType, write, errorBody: openAiError }, answerPace);
  });
}
