import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const program = join(import.meta.dirname, '../../native/build/Release/hearth_audio_tests');

test('every law of the resampler and of what it is fed with holds', async () => {
  const { stdout } = await promisify(execFile)(program).catch((failed) => failed);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(8);
  expect(lines.filter((line: string) => !line.startsWith('ok '))).toEqual([]);
});
