import { expect, test } from '@jest/globals';
import type { ModelDimensions } from '../../../native/index.ts';
import { openAiAlignmentHeads } from '../../../native/openai-alignment-heads.ts';

const shape = (textLayers: number, textHeads: number, vocabularySize: number) =>
  ({ textLayers, textHeads, vocabularySize }) as ModelDimensions;

test.each<[string, ModelDimensions, number, [number, number]]>([
  ['tiny.en', shape(4, 6, 51864), 8, [1, 0]],
  ['tiny', shape(4, 6, 51865), 6, [2, 2]],
  ['base.en', shape(6, 8, 51864), 5, [3, 3]],
  ['base', shape(6, 8, 51865), 8, [3, 1]],
  ['small.en', shape(12, 12, 51864), 19, [6, 6]],
  ['small', shape(12, 12, 51865), 10, [5, 3]],
  ['medium.en', shape(24, 16, 51864), 18, [11, 4]],
  ['medium', shape(24, 16, 51865), 6, [13, 15]],
  ['large-v2', shape(32, 20, 51865), 23, [10, 12]],
  ['large-v3', shape(32, 20, 51866), 10, [7, 0]],
  ['large-v3-turbo', shape(4, 20, 51866), 6, [2, 4]],
])("%s has OpenAI's heads, all of them in the model", (_, dimensions, count, first) => {
  const heads = openAiAlignmentHeads(dimensions);
  expect(heads).toHaveLength(count);
  expect(heads[0]).toEqual(first);
  for (const [layer, head] of heads) {
    expect(layer).toBeLessThan(dimensions.textLayers);
    expect(head).toBeLessThan(dimensions.textHeads);
  }
});

test('a model of another shape has none', () => {
  expect(openAiAlignmentHeads(shape(2, 20, 51866))).toEqual([]);
});
