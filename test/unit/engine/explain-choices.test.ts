import { expect, test } from '@jest/globals';
import { type ChosenModel, explainChoices } from '../../../daemon/src/engine/explain-choices.ts';
import type { DecodingPreset } from '../../../daemon/src/protocol/engine-messages.ts';

const onCpu: ChosenModel = {
  ...{ device: 'cpu', arithmetic: 'exact', denseEncoder: true, encoderBits: 4 },
  ...{ batchSize: 1, encoderBatch: 1 },
};
const onGpu: ChosenModel = { ...onCpu, device: 'gpu', batchSize: 24, encoderBatch: 4 };

test.each<[ChosenModel, DecodingPreset, RegExp]>([
  [onCpu, 'auto', /^The encoder has 32 bits: .+\. One window is decoded together: one keeps a CPU busy\./],
  [{ ...onCpu, arithmetic: 'int8' }, 'auto', /^The encoder has 8 bits, as the setting arithmetic asks for\./],
  [onGpu, 'auto', /^The encoder has 16 bits: .+ 24 windows are decoded together: as many as pay and fit\. Up to 4 /],
  [{ ...onGpu, denseEncoder: false }, 'auto', /^The encoder has the 4 bits of its file: 16 would take too much /],
  [{ ...onGpu, denseEncoder: false }, 'lowMemory', /^The encoder has the 4 bits of its file: as the setting preset /],
  [{ ...onGpu, encoderBits: null }, 'balanced', /^The encoder is as it is in the file\. .+ setting preset asks for/],
])('how %j is computed with the preset %s is told in sentences', (model, preset, expected) => {
  expect(explainChoices(model, preset).join(' ')).toMatch(expected);
});
