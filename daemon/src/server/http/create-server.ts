import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import type { Logger } from 'pino';
import type { WireError } from '../../errors/wire-error.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { History } from '../history/history.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import type { Spool } from '../jobs/spool.ts';
import type { ModelStore } from '../models/model-store.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { describeApi, shareSchemas } from './api-document.ts';
import { describeSchemaError } from './describe-schema-error.ts';
import { addErrorHandlers } from './error-handlers.ts';
import { connectionLimits } from './guards/connection-limits.ts';
import { createGuardedListener } from './guards/guarded-listener.ts';
import { refuseWebPages } from './guards/refuse-web-pages.ts';
import { requireToken } from './guards/require-token.ts';
import type { AnswerPace } from './kept-alive.ts';
import type { Metrics } from './metrics.ts';
import { addOpenAiRoutes } from './openai/openai-routes.ts';
import { maxJsonBytes, parseJsonBody } from './parse-json-body.ts';
import { addHealthRoutes } from './routes/health-routes.ts';
import { addHistoryRoutes } from './routes/history-routes.ts';
import { addJobRoutes } from './routes/job-routes.ts';
import { addMetricsRoute } from './routes/metrics-route.ts';
import { addModelRoutes } from './routes/model-routes.ts';
import { addTranscriptionRoute } from './routes/transcription-route.ts';

export interface ServerRequest {
  readonly jobs: Jobs;
  readonly spool: Spool;
  readonly supervisor: Supervisor;
  readonly models: ModelStore;
  readonly metrics: Metrics;
  readonly history: History;
  /** As they are now. */
  readonly settings: () => Settings;
  /** What the user should know although everything goes on. */
  readonly warnings: () => readonly string[];
  /** The TCP address that is listened on now; null when none is. */
  readonly listenAddress: () => string | null;
  /** What keeps it from transcribing as it should. */
  readonly problems: () => Promise<readonly WireError[]>;
  readonly version: string;
  readonly log: Logger;
  readonly isStopping: () => boolean;
  /** When a job that takes long is answered; tests have less patience. */
  readonly answerPace?: AnswerPace;
}

/** The HTTP surface: everything that a client can ask, and nothing that holds state. */
export async function createServer(request: ServerRequest) {
  const server = Fastify({
    loggerInstance: request.log,
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: (handle) => createGuardedListener(handle, connectionLimits().socket),
    genReqId: () => `req_${randomUUID().replaceAll('-', '')}`,
    // A percent sign that begins no code stands for itself: an address that cannot be read is one that is not found.
    rewriteUrl: ({ url = '/' }) => url.replace(/%(?![\da-f]{2})/gi, '%25'),
    // The head of a request is bounded, and with it an id: one that is too long is one that is not found.
    routerOptions: { maxParamLength: 16 * 1024 },
    schemaErrorFormatter: describeSchemaError,
    ajv: {
      customOptions: {
        removeAdditional: false,
        useDefaults: false,
        coerceTypes: 'array',
        allErrors: false,
        verbose: true,
      },
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  await server.register(swagger, {
    openapi: describeApi(request.version),
    transformObject: (document) => shareSchemas('openapiObject' in document ? document.openapiObject : {}),
  });
  server.addHook('onRequest', async ({ id }, reply) => {
    reply.header('hearth-version', request.version);
    reply.header('x-request-id', id);
  });
  server.addHook('onRequest', refuseWebPages);
  server.addHook(
    'onRequest',
    requireToken(() => request.settings().token),
  );
  server.addHook('onResponse', async ({ method, routeOptions, id }, { statusCode, elapsedTime }) => {
    // The route, not the address: a query can hold what a user dictates.
    request.metrics.countAnswer({ method, route: routeOptions.url ?? 'none', statusCode, elapsedMs: elapsedTime });
    request.log.info({ id, method, route: routeOptions.url, statusCode, elapsedMs: elapsedTime }, 'answered');
  });
  // A recording is streamed to its file whatever its type is called.
  server.removeContentTypeParser(['text/plain', 'application/json']);
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: maxJsonBytes },
    parseJsonBody(server.getDefaultJsonParser('error', 'error') as Parameters<typeof parseJsonBody>[0]),
  );
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // The schemas of answers are for the document; what is answered, types check.
  server.setSerializerCompiler(() => JSON.stringify);
  addErrorHandlers(server);
  addTranscriptionRoute(server, request);
  addJobRoutes(server, request);
  await addOpenAiRoutes(server, request);
  addHistoryRoutes(server, request);
  addModelRoutes(server, request);
  addHealthRoutes(server, request);
  addMetricsRoute(server, request);
  let document: Buffer | undefined;
  server.get('/openapi.json', { schema: { hide: true } }, async (_, reply) => {
    // One copy, whoever reads it however slowly.
    document ??= Buffer.from(JSON.stringify(server.swagger()));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  await server.ready();
  return server;
}
