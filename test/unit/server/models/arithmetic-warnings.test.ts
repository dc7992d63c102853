import { expect, test } from '@jest/globals';
import type { LoadedModel } from '../../../../daemon/src/messages/engine-messages.ts';
import { arithmeticWarnings } from '../../../../daemon/src/server/models/arithmetic-warnings.ts';

const model = { device: 'cpu', arithmetic: 'exact' } as LoadedModel;

test('arithmetic in 8 bits that this machine has no use for is told', () => {
  expect(arithmeticWarnings('int8', model)).toEqual([expect.stringContaining('a CPU that does so no faster')]);
  expect(arithmeticWarnings('int8', { ...model, device: 'gpu' })).toEqual([expect.stringContaining('got a GPU')]);
});

test('arithmetic that is as it was set is nothing to tell of, nor is what no model uses yet', () => {
  expect(arithmeticWarnings('exact', model)).toEqual([]);
  expect(arithmeticWarnings('int8', { ...model, arithmetic: 'int8' })).toEqual([]);
  expect(arithmeticWarnings('int8', null)).toEqual([]);
});
