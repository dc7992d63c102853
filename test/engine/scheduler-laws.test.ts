import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { pathOf } from './fork-engine.ts';

test('bulk work goes on beside clips without a gap, and a clip waits for an encoder pass and two steps at most', async () => {
  const program = pathOf('native/build/Release/hearth_scheduler_tests');
  const { stdout } = await promisify(execFile)(program).catch((failed) => failed);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(6);
  expect(lines.filter((line: string) => !line.startsWith('ok '))).toEqual([]);
});
