import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

beforeEach(async () => {
  served = await serveStandIn();
});

afterEach(() => served.close());

const headers = { 'content-type': 'application/json' };

function nested(levels: number): string {
  return `{"path":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

/** Every route whose body may be JSON. */
async function jsonRoutes(): Promise<readonly string[]> {
  const { paths } = (await served.ask({ path: '/openapi.json' })).json<ApiDocument>();
  return Object.entries(paths).flatMap(([path, { post }]) =>
    post?.requestBody?.content['application/json'] === undefined ? [] : [path],
  );
}

test.each([33, 1_000, 30_000])('JSON of %d levels is refused by every route that takes JSON', async (levels) => {
  const routes = await jsonRoutes();
  expect(routes).toEqual(expect.arrayContaining(['/v1/transcriptions', '/v1/models/pull', '/v1/models/load']));
  for (const path of routes) {
    const answer = await served.ask({ method: 'POST', path, headers, body: nested(levels) });
    expect([path, answer.status, answer.errorCode]).toEqual([path, 400, 'REQUEST_INVALID']);
    expect(answer.text).toContain('at most 32 levels');
  }
});

test('JSON of 32 levels is looked at by the schema', async () => {
  for (const path of await jsonRoutes()) {
    const answer = await served.ask({ method: 'POST', path, headers, body: nested(32) });
    expect([answer.status, answer.text.includes('levels')]).toEqual([400, false]);
  }
});

test('a field of a form that is JSON is refused likewise', async () => {
  const part = 'content-disposition: form-data; name="prompt"\r\ncontent-type: application/json';
  const body = `--x\r\n${part}\r\n\r\n${nested(20_000)}\r\n--x--\r\n`;
  const answer = await served.ask({
    path: '/v1/audio/transcriptions',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body,
  });
  expect([answer.status, answer.errorCode]).toEqual([400, 'REQUEST_INVALID']);
  expect(answer.text).toContain('at most 32 levels');
});
