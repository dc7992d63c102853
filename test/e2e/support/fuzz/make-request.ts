import type { ApiOperation, Property } from './api-operations.ts';
import type { Choices } from './choices.ts';
import { hostileTexts } from './hostile-texts.ts';
import { makeForm } from './make-form.ts';
import { textFor, validValue } from './schema-values.ts';
import { smallRecordings } from './small-recordings.ts';

export interface MadeRequest {
  readonly method: string;
  /** Head and body. */
  readonly bytes: Buffer;
}

export interface MakeRequest {
  readonly operations: readonly ApiOperation[];
  readonly choices: Choices;
  /** Of the header Authorization; null for none. */
  readonly token: string | null;
}

const methods = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const mediaTypes = [
  ...[
    'application/json',
    'application/octet-stream',
    'text/plain',
    'audio/wav',
    'multipart/form-data',
    'multipart/mixed',
  ],
  ...[
    'multipart/form-data; boundary=x',
    'multipart/form-data; boundary="',
    'application/json; charset=utf-7',
    'x',
    '*/*',
  ],
];
const accepted = [
  'text/vtt',
  'text/plain;q=0',
  'application/x-ndjson',
  'application/x-subrip;q=x',
  '*/*',
  'a,'.repeat(500),
];
/** An engine that is let go of takes a second to come back. */
const seldom = { path: '/v1/models/unload', probability: 0.002 };

/** A request of some operation, made of what the API document allows and of what it does not. */
export function makeRequest({ operations, choices, token }: MakeRequest, isLast: boolean): MadeRequest {
  const { below, chance, one } = choices;
  let operation = one(operations);
  while (operation.path === seldom.path && !chance(seldom.probability)) operation = one(operations);
  const method = chance(0.92) ? operation.method : one(methods);
  const body = makeBody(operation, method, choices);
  const headers: string[] = [];
  if (!chance(0.02))
    headers.push(`Host: ${chance(0.95) ? 'localhost' : one(['127.0.0.1:80', 'evil.example', '', '[::1]:1'])}`);
  if (token !== null) headers.push(`Authorization: Bearer ${token}`);
  if (body.type !== null) headers.push(`Content-Type: ${body.type}`);
  if (chance(0.3)) headers.push(`Accept: ${one(accepted)}`);
  if (chance(0.3)) headers.push(`Hearth-Client: client-${below(5000)}`);
  if (chance(0.02)) headers.push(`Origin: https://evil.example`);
  if (chance(0.02)) headers.push(`Sec-Fetch-Site: ${one(['none', 'cross-site', 'same-origin'])}`);
  if (chance(0.05)) headers.push(`X-${below(100)}: ${forHeader(one(hostileTexts))}`);
  if (isLast) headers.push('Connection: close');
  const framed = frame(body.bytes, choices);
  headers.push(...framed.headers);
  const head = `${method} ${targetOf(operation, choices)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
  return { method, bytes: Buffer.concat([Buffer.from(head, 'latin1'), framed.bytes]) };
}

function targetOf({ path, query }: ApiOperation, { chance, one, some }: Choices): string {
  const filled = path.replace('{id}', () => encodeURIComponent(one(hostileTexts).toWellFormed()));
  const place = chance(0.03) ? `${filled}/${encodeURIComponent(one(hostileTexts))}` : filled;
  if (query.length === 0 && !chance(0.05)) return place;
  const pairs = some(query, 0, 4).map((property) => [property.name, textFor(property.schema, { chance, one })]);
  if (chance(0.05)) pairs.push([one(hostileTexts), one(hostileTexts)]);
  const text = pairs
    .map((pair) => pair.map((part) => encodeURIComponent((part ?? '').toWellFormed())).join('='))
    .join('&');
  return text === '' ? place : `${place}?${text.slice(0, 9000)}`;
}

interface Body {
  readonly type: string | null;
  readonly bytes: Buffer | null;
}

function makeBody(operation: ApiOperation, method: string, choices: Choices): Body {
  const { chance, one } = choices;
  if (chance(0.03)) return { type: one(mediaTypes), bytes: one(smallRecordings) };
  if (chance(0.02)) return { type: one(mediaTypes), bytes: Buffer.from(one(hostileTexts)) };
  if (operation.body === 'none' || method === 'GET' || method === 'HEAD') return { type: null, bytes: null };
  if (operation.body === 'form') return makeForm(operation.fields, choices);
  if (operation.body === 'json' || chance(0.3)) {
    return { type: 'application/json', bytes: Buffer.from(makeJson(operation.fields, choices)) };
  }
  return { type: chance(0.7) ? 'application/octet-stream' : null, bytes: one(smallRecordings) };
}

function makeJson(fields: readonly Property[], choices: Choices): string {
  const { below, chance, one } = choices;
  if (chance(0.05))
    return one(['', 'null', '[]', '1', '"a"', '{', `${'['.repeat(500)}${']'.repeat(500)}`, '{"__proto__":{"a":1}}']);
  const entries = fields
    .filter(() => chance(0.9))
    .map(({ name, schema }) => [name, chance(0.5) ? validValue(schema, choices) : strangeValue(choices)]);
  if (chance(0.1)) entries.push([one(hostileTexts), strangeValue(choices)]);
  const text = JSON.stringify(Object.fromEntries(entries));
  return chance(0.03) ? text.slice(0, below(text.length)) : text;
}

function strangeValue({ one, chance }: Choices): unknown {
  return chance(0.8) ? one(hostileTexts) : one([null, 0, -1, 1e308, [], {}, [null], { a: { b: [] } }, true]);
}

/** The body as one piece, in chunks, or with nothing said of its length. */
function frame(bytes: Buffer | null, { below, chance }: Choices): { headers: string[]; bytes: Buffer } {
  if (bytes === null) return { headers: chance(0.5) ? [] : ['Content-Length: 0'], bytes: Buffer.alloc(0) };
  if (chance(0.7)) return { headers: [`Content-Length: ${bytes.length}`], bytes };
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + 1 + below(3000));
    const extension = chance(0.1) ? ';a=b' : '';
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
    at += piece.length;
  }
  pieces.push(Buffer.from(chance(0.1) ? '0\r\nX-Trailer: a\r\n\r\n' : '0\r\n\r\n'));
  return { headers: ['Transfer-Encoding: chunked'], bytes: Buffer.concat(pieces) };
}

function forHeader(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, '?').slice(0, 8000);
}
