import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { systemReason } from '../../../daemon/src/errors/system-reason.ts';

test('what the system or a network refuses is told without their words and paths', async () => {
  const missing = await readFile('/nowhere/at/all').catch((error: unknown) => error);
  expect(systemReason(missing)).toBe('it does not exist');
  const refused = await new Promise((resolve) => connect(1, '127.0.0.1').once('error', resolve));
  expect(systemReason(refused)).toBe('it refused the connection');
  expect(systemReason(Object.assign(new Error('raw words'), { code: 'EIO' }))).toBe(
    'the system reported the error EIO',
  );
  expect([systemReason(new Error('raw words')), systemReason(undefined)]).toEqual(
    Array(2).fill('the system reported an error'),
  );
});
