import { expect, test } from '@jest/globals';
import { totalLine } from '../../../tools/test-totals.mjs';

const jest = {
  numPassedTests: 40,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

test('checks and tests are counted together', () => {
  expect(totalLine({ checks: [true, true], jest })).toBe('42 passed, 0 failed');
});

test('whatever fails is counted as failed', () => {
  expect(totalLine({ checks: [true, false], jest: { ...jest, numFailedTests: 2 } })).toBe('41 passed, 3 failed');
});

test('a test file that could not be run is a failure although it counts no test', () => {
  expect(totalLine({ checks: [], jest: { ...jest, numRuntimeErrorTestSuites: 1 } })).toBe('40 passed, 1 failed');
});

test('skipped tests are told', () => {
  expect(totalLine({ checks: [], jest: { ...jest, numPendingTests: 2, numTodoTests: 1 } })).toBe(
    '40 passed, 0 failed, 3 skipped',
  );
});

test('a test runner that came to no result is a failure', () => {
  expect(totalLine({ checks: [true], jest: null })).toBe('1 passed, 1 failed');
  expect(totalLine({ checks: [false], jest: null })).toBe('0 passed, 1 failed');
});
