import { expect, test } from '@jest/globals';
import { type ChosenModel, explainChoices } from '../../../daemon/src/engine/explain-choices.ts';
import type { DecodingPreset } from '../../../daemon/src/protocol/engine-messages.ts';

const onCpu: ChosenModel = {
  ...{ device: 'cpu', arithmetic: 'exact', denseEncoder: true, encoderBits: 4, rowsReadQuantized: null },
  ...{ batchSize: 1, encoderBatch: 1, logMelOnDevice: false, trials: [] },
};
const onGpu: ChosenModel = { ...onCpu, device: 'gpu', rowsReadQuantized: 8, batchSize: 24, encoderBatch: 4 };
const timed: ChosenModel = {
  ...onGpu,
  trials: [
    { part: 'encoder', way: 'dense', count: 1, seconds: 0.0073 },
    { part: 'encoder', way: 'dense', count: 4, seconds: 0.0238 },
    { part: 'encoder', way: 'quantized', count: 1, seconds: 0.0191 },
    { part: 'logMel', way: 'cpu', count: 1, seconds: 0.0041 },
    { part: 'logMel', way: 'device', count: 1, seconds: 0.0006 },
  ],
};
const thin: ChosenModel = { ...timed, denseEncoder: false, rowsReadQuantized: null };

test.each<[ChosenModel, DecodingPreset, RegExp]>([
  [onCpu, 'auto', /^The encoder has 32 bits: .+\. One window is decoded together: one keeps a CPU busy\./],
  [{ ...onCpu, arithmetic: 'int8' }, 'auto', /^The encoder has 8 bits, as the setting arithmetic asks for\./],
  [onGpu, 'auto', /^The encoder has 16 bits, .+ 24 windows are decoded together: as many as pay and fit\. Up to 4 /],
  [timed, 'auto', /^The encoder has 16 bits: a window takes 7\.3 ms so, and 19\.1 ms in the 4\. .+ up to 8 texts /],
  [timed, 'auto', /They take 23\.8 ms\. A window's log-mel is computed on the CPU: 0\.6 ms on the GPU and 4\.1 ms on/],
  [
    thin,
    'auto',
    /^The encoder has the 4 bits of its file: a window takes 19\.1 ms so, and 7\.3 ms in 16, which takes more/,
  ],
  [{ ...timed, rowsReadQuantized: 0 }, 'auto', / The decoder has 16 bits, whatever /],
  [{ ...thin, trials: [] }, 'auto', /^The encoder has the 4 bits of its file: 16 would take too much of the memory\./],
  [{ ...thin, trials: [] }, 'lowMemory', /^The encoder has the 4 bits of its file, as the setting preset asks for\./],
  [{ ...onGpu, encoderBits: null }, 'balanced', /^The encoder is as it is in the file\. .+ setting preset asks for/],
])('how %j is computed with the preset %s is told in sentences', (model, preset, expected) => {
  expect(explainChoices(model, preset).join(' ')).toMatch(expected);
});
