/** An answer as it came over a connection. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface ReadAnswers {
  readonly answers: readonly ReadAnswer[];
  /** What no HTTP answer is, or is cut off; null where every byte belongs to one. */
  readonly problem: string | null;
}

const endOfHead = Buffer.from('\r\n\r\n');

/** Takes what a daemon sent for answers to requests of these methods, in their order. */
export function readAnswers(received: Buffer, methods: readonly string[]): ReadAnswers {
  const answers: ReadAnswer[] = [];
  let rest = received;
  while (rest.length > 0) {
    const end = rest.indexOf(endOfHead);
    if (end < 0) return { answers, problem: 'a head without an end' };
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) [\x20-\x7e]+$/.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status))
      return { answers, problem: `the status line ${JSON.stringify(statusLine.slice(0, 100))}` };
    const headers = readHeaders(lines);
    if (headers === null) return { answers, problem: 'a header that is none, or one twice' };
    rest = rest.subarray(end + endOfHead.length);
    if (status < 200) continue;
    const hasNoBody = status === 204 || status === 304 || methods[answers.length] === 'HEAD';
    const body = hasNoBody ? { bytes: Buffer.alloc(0), rest } : readBody(rest, headers);
    if (body === null) return { answers, problem: `a body of ${status} that is cut off` };
    answers.push({ status, headers, body: body.bytes });
    rest = body.rest;
  }
  return { answers, problem: null };
}

function readHeaders(lines: readonly string[]): Map<string, string> | null {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#$%&'*+\-.^_`|~\w]+): ?(.*)$/.exec(line) ?? [];
    if (name === '' || headers.has(name.toLowerCase())) return null;
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}

function readBody(bytes: Buffer, headers: ReadonlyMap<string, string>): { bytes: Buffer; rest: Buffer } | null {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes);
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (!Number.isInteger(length) || length > bytes.length) return null;
  return { bytes: bytes.subarray(0, length), rest: bytes.subarray(length) };
}

function readChunks(bytes: Buffer): { bytes: Buffer; rest: Buffer } | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (end < 0 || Number.isNaN(size) || end + 4 + size > bytes.length) return null;
    const start = end + 2;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
    if (size === 0) return { bytes: Buffer.concat(chunks), rest: bytes.subarray(at) };
  }
}
