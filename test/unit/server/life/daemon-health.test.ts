import { expect, test } from '@jest/globals';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import {
  arithmeticWarning,
  converterWarning,
  networkWarning,
} from '../../../../daemon/src/server/life/daemon-health.ts';
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

test('an address that is not listened on, because the network is off, is told', () => {
  expect(networkWarning({ network: 'off', listen: '127.0.0.1:8377' })).toContain('does not listen on 127.0.0.1:8377');
  expect(networkWarning({ network: 'off', listen: '' })).toBeNull();
  expect(networkWarning({ network: 'on', listen: '127.0.0.1:8377' })).toBeNull();
});

test('a converter that runs without a sandbox is told until it runs in one', () => {
  const event = { type: 'converter-started', executable: '/opt/ffmpeg' } as const;
  const open = engineStateAfter(stoppedEngine, { ...event, isConfined: false });
  expect(converterWarning(open.unconfinedConverter)).toContain('/opt/ffmpeg runs without a sandbox');
  const confined = engineStateAfter(open, { ...event, isConfined: true });
  expect(converterWarning(confined.unconfinedConverter)).toBeNull();
});
