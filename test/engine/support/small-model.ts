import type { ModelDimensions } from '@hearth/native';

/** A tensor whose values float16 and float32 hold exactly. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Of linear layers and the token embedding: the values on a grid that 4 bits hold exactly, in groups of any size. */
  readonly grid?: Grid;
}

/** `value = steps[row, column / 128] * (levels[row, column] - 8)`. */
export interface Grid {
  /** 0 to 15. */
  readonly levels: Uint8Array;
  /** Powers of two. */
  readonly steps: Float32Array;
}

export const gridGroupSize = 128;

/** A Whisper with random weights, under mlx-whisper's names. */
export interface SmallModel {
  readonly dimensions: ModelDimensions;
  readonly weights: ReadonlyMap<string, Weight>;
}

/** Two heads and two layers on each side; the same seed gives the same weights. */
export function createSmallModel(
  request: Pick<ModelDimensions, 'melBins' | 'vocabularySize'> & { readonly seed: number },
): SmallModel {
  const state = 128;
  const dimensions: ModelDimensions = {
    melBins: request.melBins,
    audioContext: 1500,
    audioState: state,
    audioHeads: 2,
    audioLayers: 2,
    vocabularySize: request.vocabularySize,
    textContext: 448,
    textState: state,
    textHeads: 2,
    textLayers: 2,
  };
  const weights = new Map<string, Weight>();
  const draw = createGenerator(request.seed);

  const add = (name: string, shape: readonly number[], spread: number, centre = 0) =>
    weights.set(name, { shape, values: drawValues(draw, shape, spread, centre) });
  const addLayerNorm = (name: string) => {
    add(`${name}.weight`, [state], 64, 1);
    add(`${name}.bias`, [state], 32);
  };
  const addLinear = (name: string, outputs: number, inputs: number, hasBias = true) => {
    weights.set(`${name}.weight`, drawGridWeight(draw, outputs, inputs));
    if (hasBias) add(`${name}.bias`, [outputs], 32);
  };
  const addAttention = (name: string) => {
    for (const part of ['query', 'key', 'value', 'out']) addLinear(`${name}.${part}`, state, state, part !== 'key');
    addLayerNorm(`${name}_ln`);
  };
  const addBlock = (name: string, hasCrossAttention: boolean) => {
    addAttention(`${name}.attn`);
    if (hasCrossAttention) addAttention(`${name}.cross_attn`);
    addLinear(`${name}.mlp1`, 4 * state, state);
    addLinear(`${name}.mlp2`, state, 4 * state);
    addLayerNorm(`${name}.mlp_ln`);
  };

  add('encoder.conv1.weight', [state, 3, dimensions.melBins], 32);
  add('encoder.conv1.bias', [state], 32);
  add('encoder.conv2.weight', [state, 3, state], 32);
  add('encoder.conv2.bias', [state], 32);
  for (let layer = 0; layer < dimensions.audioLayers; layer += 1) addBlock(`encoder.blocks.${layer}`, false);
  addLayerNorm('encoder.ln_post');
  weights.set('decoder.token_embedding.weight', drawGridWeight(draw, dimensions.vocabularySize, state));
  add('decoder.positional_embedding', [dimensions.textContext, state], 64);
  for (let layer = 0; layer < dimensions.textLayers; layer += 1) addBlock(`decoder.blocks.${layer}`, true);
  addLayerNorm('decoder.ln');
  return { dimensions, weights };
}

/** Whole numbers below `limit`, by a linear congruence; the high bits are the random ones. */
function createGenerator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function drawValues(draw: (limit: number) => number, shape: readonly number[], spread: number, centre: number) {
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, () => centre + (draw(2 * spread + 1) - spread) / 512);
}

function drawGridWeight(draw: (limit: number) => number, outputs: number, inputs: number): Weight {
  const steps = Float32Array.from({ length: (outputs * inputs) / gridGroupSize }, () => 2 ** -(6 + draw(2)));
  const levels = Uint8Array.from({ length: outputs * inputs }, () => draw(16));
  const values = Float32Array.from(
    levels,
    (level, i) => (steps[Math.floor(i / gridGroupSize)] as number) * (level - 8),
  );
  return { shape: [outputs, inputs], values, grid: { levels, steps } };
}
