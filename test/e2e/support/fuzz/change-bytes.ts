import type { Choices } from './choices.ts';

const fragments = [
  ...['\r\n', '\0', '%00', '%', '%ff', '../', '"', '{', '[[[[', ': ', ';', ',', '?', '&', '=', ' ', '\t', '\r', '\n'],
  ...['Transfer-Encoding: chunked\r\n', 'Content-Length: -1\r\n', 'Content-Length: 99999999999999999999\r\n'],
  ...['Content-Length: 5\r\n', 'Transfer-Encoding: identity\r\n', 'Transfer-Encoding: chunked, gzip\r\n'],
  ...['Expect: 100-continue\r\n', 'Expect: x\r\n', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'],
  ...['Host: evil.example\r\n', 'Content-Type: application/json\r\n', 'Content-Type: multipart/form-data\r\n'],
  ...[
    'Accept: */*;q=x\r\n',
    'HTTP/2.0',
    'HTTP/0.9',
    'HTTP/1.0',
    'CONNECT',
    'OPTIONS',
    'HEAD',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ],
  ...['ffffffffffffffff\r\n', '-1\r\n', '0\r\n\r\n', '__proto__', 'constructor', 'temperature=NaN', 'clipTimestamps=0'],
  ...['\u{1f600}', 'x'.repeat(20_000), 'X: y\r\n'.repeat(3000)],
].map((text) => Buffer.from(text));

/** Changes one to four places of bytes that were a request, or several. */
export function changeBytes(whole: Buffer, { below, chance, one }: Choices): Buffer {
  if (chance(0.03)) return Buffer.from(Array.from({ length: below(500) }, () => below(256)));
  let bytes = whole;
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(bytes.length + 1);
    const kind = below(5);
    if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), one(fragments), bytes.subarray(at)]);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(20))]);
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(at + 1))]);
    else if (at < bytes.length) bytes = Buffer.from(bytes).fill(below(256), at, at + 1);
  }
  return bytes;
}
