import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../daemon/src/cli/exit-codes.ts';

test('the exit codes are those that are promised to scripts', () => {
  expect(exitCodes).toEqual({ ok: 0, failed: 1, usage: 2, daemonUnreachable: 69, cancelled: 130, brokenPipe: 141 });
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('## Exit codes');
  const documented = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(documented).toEqual(Object.values(exitCodes));
});
