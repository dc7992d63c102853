import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const textOf = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('memory is reckoned with what the engine computes by until it has measured a GPU', () => {
  const header = textOf('native/src/whisper/computation.h');
  const inEngine = (name: string) => header.match(new RegExp(` ${name} = (\\w+);`))?.[1];
  const here = textOf('daemon/src/models/computation-here.ts').match(/const unmeasured = \{(.*)\}/)?.[1] ?? '';
  const inServer = Object.fromEntries(here.split(',').map((each) => each.split(':').map((part) => part.trim())));
  expect(inServer).toEqual({
    denseEncoder: inEngine('dense_encoder'),
    rowsReadQuantized: inEngine('rows_read_quantized'),
    encoderBatch: inEngine('encoder_batch'),
  });
  expect(Object.values(inServer)).not.toContain(undefined);
});
