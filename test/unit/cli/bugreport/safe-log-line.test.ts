import { expect, test } from '@jest/globals';
import { safeLogLine } from '../../../../daemon/src/cli/bugreport/safe-log-line.ts';

const planted = 'Talk with Anna';

function safe(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(safeLogLine(JSON.stringify({ level: 30, time: '2026-01-02T03:04:05Z', ...entry })) ?? 'null');
}

test('figures, states and the words of the log stay', () => {
  const line = { jobId: 'abc', state: 'done', code: 'AUDIO_EMPTY', elapsedMs: 12.5, msg: 'job ended' };
  expect(safe(line)).toEqual({ level: 30, time: '2026-01-02T03:04:05Z', ...line });
});

test.each([
  ['a name', { name: `${planted}.m4a`, msg: 'x' }],
  ['a path in the words', { msg: `cannot read /Users/ada/${planted}.m4a` }],
  ['a path in quotes', { msg: `cannot read "/Users/ada/${planted}.m4a", which is gone` }],
  ['what the engine printed', { stream: 'stderr', msg: `at file:///Users/ada/${planted}.m4a` }],
  [
    'the words of an error',
    { err: { type: 'Error', message: planted, stack: `Error: ${planted}\n    at x` }, msg: planted },
  ],
  [
    'an error with a line break',
    { err: { message: `a\nb ${planted}`, stack: `Error: a\nb ${planted}\n    at run (node:fs:1:2)` }, msg: 'x' },
  ],
  [
    'an error about a recording',
    { error: { code: 'AUDIO_CORRUPT', message: `Expected sound, got ${planted}` }, msg: 'x' },
  ],
  ['an unknown value', { anything: planted, more: { deep: planted }, list: [planted], msg: 'x' }],
])('%s does not', (_, entry) => {
  expect(JSON.stringify(safe(entry))).not.toContain('Anna');
});

test('errors of the engine keep their words, and faults their place', () => {
  const error = { code: 'ENGINE_CRASHED', message: 'The engine was killed (SIGKILL).', hint: '' };
  expect(safe({ error, msg: 'engine failed' })).toMatchObject({ error: { code: error.code, message: error.message } });
  const stack = 'Error: secret\n    at run (node:internal/fs:1:2)';
  expect(safe({ err: { type: 'Error', message: 'secret', stack }, msg: 'secret' })).toMatchObject({
    err: { type: 'Error', frames: ['at run (node:internal/fs:1:2)'] },
    msg: '(an error)',
  });
});

test('a line that is not of the log is left out', () => {
  expect(safeLogLine(`Segmentation fault in ${planted}`)).toBeNull();
  expect(safeLogLine('')).toBeNull();
});
