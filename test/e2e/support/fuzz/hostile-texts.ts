/** Values that have misled some program before. */
export const hostileTexts: readonly string[] = [
  ...['', ' ', '\t', '\0', 'a\0b', '.', '..', '/', '//', '\\', '../../etc/passwd', '/etc/passwd', '/dev/zero', '~'],
  ...['%', '%%', '%00', '%2e%2e%2f', '%ff', '+', '&', '=', ';', ',', '?', '#', "'", '"', '`', '$(id)', '{{7*7}}'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true', 'false'],
  ...['0', '1', '-1', '-0', '2.5', '1e999', 'NaN', 'Infinity', '9007199254740993', '4294967296', '2147483648', '0x10'],
  ...['[]', '{}', '[1', '{"a":', 'a/b', 'a%2Fb', 'models--a--b', 'whisper-base-4bit', 'whisper-1', 'auto', 'de', 'en'],
  ...['\u{1f600}', '\u202e', '\u0301'.repeat(50), 'é', '中文', '\ufeff', '\r\n\r\nHTTP/1.1 200 OK\r\n', 'a\nb'],
  ...['x'.repeat(300), 'x'.repeat(5000), ' '.repeat(3000), '../'.repeat(500), '%00'.repeat(300), '"'.repeat(900)],
  ...[
    '*',
    '-',
    '--',
    'a* NEAR b',
    '"a b"',
    'col:abc',
    '%_%',
    'a b '.repeat(200),
    '1,2,3',
    '00000000-0000-0000-0000-000000000000',
  ],
];
