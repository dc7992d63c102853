import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import { describeApi, shareSchemas } from './api-document.ts';
import { compileValidator } from './compile-validator.ts';
import { describeSchemaError } from './describe-schema-error.ts';
import { answerErrors } from './error-answers.ts';
import { allowOrigins } from './guards/allow-origins.ts';
import { connectionLimits } from './guards/connection-limits.ts';
import { createGuardedListener } from './guards/guarded-listener.ts';
import { boundLongAnswers } from './guards/long-answers.ts';
import { refuseDeepJson } from './guards/refuse-deep-json.ts';
import { refuseInfinity } from './guards/refuse-infinity.ts';
import { refuseWebPages } from './guards/refuse-web-pages.ts';
import { requireToken } from './guards/require-token.ts';
import { addOpenAiRoutes } from './openai/openai-routes.ts';
import { acceptWebSockets, addRealtimeRoute } from './realtime/realtime-route.ts';
import { addHealthRoutes } from './routes/health-routes.ts';
import { addHistoryRoutes } from './routes/history-routes.ts';
import { addJobRoutes } from './routes/job-routes.ts';
import { addLiveAudioRoute } from './routes/live-audio-route.ts';
import { addMcpRoute } from './routes/mcp-route.ts';
import { addMetricsRoute } from './routes/metrics-route.ts';
import { addModelRoutes } from './routes/model-routes.ts';
import { addPullRoute } from './routes/pull-route.ts';
import { addTranscriptionRoute } from './routes/transcription-route.ts';
import { addWatchRoutes } from './routes/watch-routes.ts';
import { addWordRoutes } from './routes/word-routes.ts';
import type { Services } from './services.ts';
import { refuseUnknownRoutes } from './unknown-routes.ts';

/** None of our requests is longer. */
const maxJsonBytes = 64 * 1024;

/** The HTTP interface: everything a client can request. It holds no state. */
export async function createServer(services: Services) {
  const { jobs, spool, supervisor, models, history, words, watch, metrics, log, version, token, health } = services;
  const { answerPace, isMcpOn, mcpFolders, allowedOrigins } = services;
  const limits = connectionLimits();
  const server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: (handle) => createGuardedListener(handle, limits.socket),
    // The guarded listener answers bytes that are no HTTP. Fastify's own answer would come in the middle of others.
    clientErrorHandler: () => undefined,
    genReqId: () => `req_${randomUUID().replaceAll('-', '')}`,
    // For parsed bodies, not for recordings.
    bodyLimit: maxJsonBytes,
    // A percent sign that is not part of a code stands for itself. An address that cannot be decoded is simply not found.
    rewriteUrl: ({ url = '/' }) => url.replace(/%(?![\da-f]{2})/gi, '%25'),
    // The request head limits the length of an id. An id that is too long is simply not found.
    routerOptions: { maxParamLength: 16 * 1024 },
    schemaErrorFormatter: describeSchemaError,
  }).withTypeProvider<TypeBoxTypeProvider>();

  await server.register(swagger, {
    openapi: describeApi(version),
    transformObject: (document) => shareSchemas('openapiObject' in document ? document.openapiObject : {}),
  });
  // Before the guards: what they refuse is closed by it.
  await acceptWebSockets(server, services.realtimeLimits);
  server.addHook('onRequest', async ({ id }, reply) => {
    reply.header('hearth-version', version);
    reply.header('x-request-id', id);
  });
  server.addHook('onRequest', allowOrigins(allowedOrigins));
  server.addHook('onRequest', refuseWebPages(allowedOrigins));
  server.addHook('onRequest', requireToken(token));
  server.addHook('onRequest', boundLongAnswers(limits));
  server.addHook('preValidation', refuseDeepJson);
  server.addHook('preHandler', refuseInfinity);
  server.addHook('onResponse', async ({ method, routeOptions, id }, { statusCode, elapsedTime }) => {
    // Logs the route and not the address: a query can contain what a user dictates.
    metrics.countAnswer({ method, route: routeOptions.url ?? 'none', statusCode, elapsedMs: elapsedTime });
    log.info({ id, method, route: routeOptions.url, statusCode, elapsedMs: elapsedTime }, 'answered');
  });
  // A recording is streamed to its file, whatever its content type.
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  server.setValidatorCompiler(compileValidator);
  // Schemas of answers are only for the document. Types check the answers.
  server.setSerializerCompiler(() => JSON.stringify);
  answerErrors(server);
  refuseUnknownRoutes(server);
  addTranscriptionRoute(server, { jobs, models, spool, answerPace });
  addJobRoutes(server, { jobs, answerPace });
  addLiveAudioRoute(server, { jobs, answerPace });
  addWatchRoutes(server, { watch });
  await addOpenAiRoutes(server, { jobs, models, spool, answerPace });
  addRealtimeRoute(server, { jobs, models, spool, log });
  addHistoryRoutes(server, { history, jobs });
  addWordRoutes(server, { words });
  addModelRoutes(server, { models, supervisor, jobs });
  addPullRoute(server, { models });
  addHealthRoutes(server, { health, supervisor, keepAliveMs: services.keepAliveMs });
  addMetricsRoute(server, { metrics, jobs, supervisor });
  addMcpRoute(server, { jobs, models, spool, history, supervisor, isMcpOn, mcpFolders });
  let document: Buffer | undefined;
  server.get('/openapi.json', { schema: { hide: true } }, async (_, reply) => {
    // One copy, however slowly clients read it.
    document ??= Buffer.from(JSON.stringify(server.swagger()));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  await server.ready();
  return server;
}
