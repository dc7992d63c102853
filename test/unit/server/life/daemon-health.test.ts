import { expect, test } from '@jest/globals';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import { arithmeticWarning, converterWarning } from '../../../../daemon/src/server/life/daemon-health.ts';
import { engineStateAfter, stoppedEngine } from '../../../../daemon/src/server/supervisor/engine-state.ts';

const model = { device: 'cpu', arithmetic: 'exact' } as LoadedModel;

test('arithmetic in 8 bits that this machine has no use for is told', () => {
  expect(arithmeticWarning('int8', model)).toContain('this CPU does not multiply 8 bits any faster');
  expect(arithmeticWarning('int8', { ...model, device: 'gpu' })).toContain('the model runs on a GPU');
});

test('arithmetic that is as it was set is nothing to tell of, nor is what no model uses yet', () => {
  expect(arithmeticWarning('exact', model)).toBeNull();
  expect(arithmeticWarning('int8', { ...model, arithmetic: 'int8' })).toBeNull();
  expect(arithmeticWarning('int8', null)).toBeNull();
});

test('a converter that runs without a sandbox is told until it runs in one', () => {
  const event = { type: 'converter-started', executable: '/opt/ffmpeg' } as const;
  const open = engineStateAfter(stoppedEngine, { ...event, isConfined: false });
  expect(converterWarning(open.unconfinedConverter)).toContain('/opt/ffmpeg runs without a sandbox');
  const confined = engineStateAfter(open, { ...event, isConfined: true });
  expect(converterWarning(confined.unconfinedConverter)).toBeNull();
});
