import type { ModelDimensions } from './model-dimensions.ts';

type Heads = readonly (readonly [number, number])[];

/** `decoder layers x heads`, `.en` for English-only models, `v3` for those of the third version. */
const headsByShape: Readonly<Record<string, Heads>> = {
  '4x6.en': pairs('1:0 2:0 2:5 3:0 3:1 3:2 3:3 3:4'),
  '4x6': pairs('2:2 3:0 3:2 3:3 3:4 3:5'),
  '6x8.en': pairs('3:3 4:7 5:1 5:5 5:7'),
  '6x8': pairs('3:1 4:2 4:3 4:7 5:1 5:2 5:4 5:6'),
  '12x12.en': pairs('6:6 7:0 7:3 7:8 8:2 8:5 8:7 9:0 9:4 9:8 9:10 10:0 10:1 10:2 10:3 10:6 10:11 11:2 11:4'),
  '12x12': pairs('5:3 5:9 8:0 8:4 8:7 8:8 9:0 9:7 9:9 10:5'),
  '24x16.en': pairs(
    '11:4 14:1 14:12 14:14 15:4 16:0 16:4 16:9 17:12 17:14 18:7 18:10 18:15 20:0 20:3 20:9 20:14 21:12',
  ),
  '24x16': pairs('13:15 15:4 15:15 16:1 20:0 23:4'),
  // The first large model has the shape of the second, which took its place.
  '32x20': pairs(
    '10:12 13:17 16:11 16:12 16:13 17:15 17:16 18:4 18:11 18:19 19:11 21:2 21:3 22:3 22:9 22:12 23:5 23:7 23:13 25:5 26:1 26:12 27:15',
  ),
  '32x20v3': pairs('7:0 10:17 12:18 13:12 16:1 17:14 19:11 21:4 24:1 25:6'),
  '4x20v3': pairs('2:4 2:11 3:3 3:6 3:11 3:14'),
};

/** The `[layer, head]` pairs that OpenAI found to follow the audio in its own models (openai/whisper __init__.py); empty for a model of another shape. */
export function openAiAlignmentHeads({ textLayers, textHeads, vocabularySize }: ModelDimensions): Heads {
  const version = vocabularySize === 51864 ? '.en' : vocabularySize > 51865 ? 'v3' : '';
  return headsByShape[`${textLayers}x${textHeads}${version}`] ?? [];
}

function pairs(text: string): Heads {
  return text.split(' ').map((pair) => pair.split(':').map(Number) as [number, number]);
}
