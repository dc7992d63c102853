import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Value } from 'typebox/value';
import type { HistoryPage } from '../../../../daemon/src/protocol/history.ts';
import { shareSchemas } from '../../../../daemon/src/server/http/api-document.ts';
import type { Answer, Ask } from '../../../e2e/support/ask.ts';
import { type Served, serveStandIn } from './serve-stand-in.ts';

interface ApiDocument {
  readonly info: object;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { schema: object }>> }>>;
}

let served: Served;
let document: ApiDocument;

beforeAll(async () => {
  served = await serveStandIn();
  document = (await served.ask({ path: '/openapi.json' })).json();
});

afterAll(() => served.close());

/** Whether each line of an answer, or all of it, is what the document says of that route, status and media type. */
function fits(answer: Answer, route: string, method = 'get'): boolean {
  const responses = document.paths[route]?.[method]?.responses ?? {};
  const range = `${String(answer.status)[0]}XX`;
  const mediaType = String(answer.headers['content-type']).split(';')[0] as string;
  const schema = resolve((responses[answer.status] ?? responses[range])?.content[mediaType]?.schema);
  if (schema === undefined) return false;
  const values = mediaType === 'application/json' ? [answer.text] : answer.text.trim().split('\n');
  return values.every((value) => Value.Check(schema, JSON.parse(value)));
}

/** A schema with the shared ones in the places that refer to them. */
function resolve<Node>(node: Node): Node {
  if (Array.isArray(node)) return node.map(resolve) as Node;
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { $ref?: string };
  const shared = $ref === undefined ? undefined : document.components.schemas[$ref.split('/').at(-1) as string];
  if (shared !== undefined) return resolve(shared) as Node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)])) as Node;
}

function post(query: string, asked: Partial<Ask> = {}): Promise<Answer> {
  return served.ask({ path: `/v1/transcriptions${query}`, body: 'sound', ...asked });
}

test('the committed document is the one that is served; `npm run generate` writes it anew', () => {
  const committed = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));
  const version = committed.info.version;
  expect({ ...document, info: { ...document.info, version } }).toEqual(committed);
});

test('every route has a summary, and every option of a transcription a description', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(operations.filter(({ summary }) => summary === undefined)).toEqual([]);
  const parameters = document.paths['/v1/transcriptions']?.['post']?.parameters;
  expect(parameters?.filter(({ description }) => description === undefined)).toEqual([]);
  expect(parameters?.map(({ name }) => name)).toEqual(expect.arrayContaining(['language', 'format', 'detach']));
});

test('every operation has a name of its own and a tag, as generators of clients need', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const names = operations.map(({ operationId }) => operationId);
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
  expect(operations.filter(({ tags }) => tags?.length !== 1)).toEqual([]);
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['ErrorAnswer', 'Health', 'Job', 'JobEvent', 'Segment', 'Transcript']),
  );
});

test('two schemas of one name would be a fault', () => {
  const schema = (type: string) => ({ title: 'Thing', type });
  expect(shareSchemas({ paths: [schema('string'), schema('string')] }).components.schemas).toEqual({
    Thing: schema('string'),
  });
  expect(() => shareSchemas({ paths: [schema('string'), schema('number')] })).toThrow('Two schemas are called Thing.');
});

test('answers are what the document says', async () => {
  const events = post('?format=ndjson');
  const run = await served.nextRun();
  const { jobId } = run.task;
  const audio = { durationSeconds: 2, container: 'WAV', codec: 'PCM', sampleRateHz: 16_000, channels: 1 };
  run.say({ type: 'audio-opened', jobId, audio });
  run.say({ type: 'language-detected', jobId, language: 'en', probability: 0.9 });
  run.finish('hello');
  expect(fits(await events, '/v1/transcriptions', 'post')).toBe(true);
  expect(fits(await served.ask({ path: `/v1/jobs/${jobId}/events` }), '/v1/jobs/{id}/events')).toBe(true);
  expect(fits(await served.ask({ path: `/v1/jobs/${jobId}` }), '/v1/jobs/{id}')).toBe(true);
  expect(fits(await served.ask({ path: '/v1/jobs' }), '/v1/jobs')).toBe(true);
  expect(fits(await served.ask({ path: '/v1/health' }), '/v1/health')).toBe(true);
  expect(fits(await served.ask({ path: '/v1/ps' }), '/v1/ps')).toBe(true);

  const transcript = post('');
  (await served.nextRun()).finish('hello');
  expect(fits(await transcript, '/v1/transcriptions', 'post')).toBe(true);

  const history = await served.ask({ path: '/v1/history' });
  expect(fits(history, '/v1/history')).toBe(true);
  const [entry] = history.json<HistoryPage>().entries;
  expect(fits(await served.ask({ path: `/v1/history/${entry?.id}` }), '/v1/history/{id}')).toBe(true);
  expect(fits(await served.ask({ method: 'DELETE', path: '/v1/history' }), '/v1/history', 'delete')).toBe(true);

  const detached = await post('?detach=true');
  expect(fits(detached, '/v1/transcriptions', 'post')).toBe(true);
  const path = `/v1/jobs/${detached.json<{ id: string }>().id}`;
  expect(fits(await served.ask({ method: 'DELETE', path }), '/v1/jobs/{id}', 'delete')).toBe(true);
});

test('refusals are what the document says', async () => {
  expect(fits(await post('?model=none'), '/v1/transcriptions', 'post')).toBe(true);
  expect(fits(await served.ask({ path: '/v1/jobs/none' }), '/v1/jobs/{id}')).toBe(true);
});
