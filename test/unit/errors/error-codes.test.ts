import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { errorCodes } from '../../../daemon/src/errors/error-codes.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

test('the page of the protocol lists every code with its status', () => {
  const rows = [...page.matchAll(/^\| (`[A-Z_`, ]+`) \| (\d+) \|$/gm)];
  const listed = rows.flatMap(([, codes = '', status]) =>
    codes.split(', ').map((code) => [code.replaceAll('`', ''), Number(status)]),
  );
  expect(listed.sort()).toEqual(Object.entries(errorCodes).map(([code, { status }]) => [code, status]));
});
