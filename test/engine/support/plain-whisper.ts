import type { SmallModel } from './small-model.ts';

/** Row-major `[rows, columns]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

const headSize = 64;

/** openai/whisper model.py `AudioEncoder` in float64, step by step: `[frames / 2, audioState]` of a mel window. */
export function encodePlainly(model: SmallModel, mel: Float32Array): Matrix {
  const { melBins, audioState, audioLayers } = model.dimensions;
  const frames = transpose(matrix(melBins, mel.length / melBins, mel));
  let hidden = gelu(convolve(model, 'encoder.conv1', frames, 1));
  hidden = add(gelu(convolve(model, 'encoder.conv2', hidden, 2)), sinusoids(frames.rows / 2, audioState));
  for (let layer = 0; layer < audioLayers; layer += 1) {
    const block = `encoder.blocks.${layer}`;
    const normalized = layerNorm(model, `${block}.attn_ln`, hidden);
    hidden = add(hidden, attend(model, `${block}.attn`, normalized, normalized, false));
    hidden = add(hidden, feedForward(model, block, hidden));
  }
  return layerNorm(model, 'encoder.ln_post', hidden);
}

/** openai/whisper model.py `TextDecoder` in float64: logits `[tokens, vocabularySize]`. */
export function decodePlainly(model: SmallModel, features: Matrix, tokens: readonly number[]): Matrix {
  const { textState, textLayers } = model.dimensions;
  const embedding = weight(model, 'decoder.token_embedding.weight');
  const positions = weight(model, 'decoder.positional_embedding');
  let hidden = matrix(tokens.length, textState);
  for (const [position, token] of tokens.entries()) {
    for (let i = 0; i < textState; i += 1) {
      hidden.values[position * textState + i] =
        (embedding[token * textState + i] as number) + (positions[position * textState + i] as number);
    }
  }
  for (let layer = 0; layer < textLayers; layer += 1) {
    const block = `decoder.blocks.${layer}`;
    const normalized = layerNorm(model, `${block}.attn_ln`, hidden);
    hidden = add(hidden, attend(model, `${block}.attn`, normalized, normalized, true));
    const asking = layerNorm(model, `${block}.cross_attn_ln`, hidden);
    hidden = add(hidden, attend(model, `${block}.cross_attn`, asking, features, false));
    hidden = add(hidden, feedForward(model, block, hidden));
  }
  return multiply(layerNorm(model, 'decoder.ln', hidden), embedding);
}

function matrix(rows: number, columns: number, values?: Float32Array): Matrix {
  return { rows, columns, values: values ? Float64Array.from(values) : new Float64Array(rows * columns) };
}

function weight(model: SmallModel, name: string): Float32Array {
  const found = model.weights.get(name);
  if (found === undefined) throw new Error(`Expected a weight ${name}, found none.`);
  return found.values;
}

/** `x @ w.T + bias`, with `w` `[outputs, x.columns]`. */
function multiply(x: Matrix, w: Float32Array | Float64Array, bias?: Float32Array): Matrix {
  const outputs = w.length / x.columns;
  const product = matrix(x.rows, outputs);
  for (let row = 0; row < x.rows; row += 1) {
    for (let output = 0; output < outputs; output += 1) {
      let sum = bias?.[output] ?? 0;
      const wStart = output * x.columns;
      const xStart = row * x.columns;
      for (let i = 0; i < x.columns; i += 1) sum += (x.values[xStart + i] as number) * (w[wStart + i] as number);
      product.values[row * outputs + output] = sum;
    }
  }
  return product;
}

function linear(model: SmallModel, name: string, x: Matrix): Matrix {
  return multiply(x, weight(model, `${name}.weight`), model.weights.get(`${name}.bias`)?.values);
}

/** Kernel 3, padding 1; `x` `[time, channels]`, weights `[outputs, 3, channels]`. */
function convolve(model: SmallModel, name: string, x: Matrix, stride: number): Matrix {
  const patches = matrix(Math.ceil(x.rows / stride), 3 * x.columns);
  for (let row = 0; row < patches.rows; row += 1) {
    for (let tap = 0; tap < 3; tap += 1) {
      const source = row * stride + tap - 1;
      if (source < 0 || source >= x.rows) continue;
      const frame = x.values.subarray(source * x.columns, (source + 1) * x.columns);
      patches.values.set(frame, row * patches.columns + tap * x.columns);
    }
  }
  return linear(model, name, patches);
}

function attend(model: SmallModel, name: string, x: Matrix, source: Matrix, isCausal: boolean): Matrix {
  const query = linear(model, `${name}.query`, x);
  const key = linear(model, `${name}.key`, source);
  const value = linear(model, `${name}.value`, source);
  const mixed = matrix(x.rows, x.columns);
  for (let head = 0; head < x.columns / headSize; head += 1) {
    const scores = multiply(columnsOf(query, head), columnsOf(key, head).values);
    const values = transpose(columnsOf(value, head));
    const attended = multiply(softmaxRows(scores, isCausal), values.values);
    for (let row = 0; row < x.rows; row += 1) {
      const part = attended.values.subarray(row * headSize, (row + 1) * headSize);
      mixed.values.set(part, row * x.columns + head * headSize);
    }
  }
  return linear(model, `${name}.out`, mixed);
}

function columnsOf(x: Matrix, head: number): Matrix {
  const part = matrix(x.rows, headSize);
  for (let row = 0; row < x.rows; row += 1) {
    const start = row * x.columns + head * headSize;
    part.values.set(x.values.subarray(start, start + headSize), row * headSize);
  }
  return part;
}

function softmaxRows(scores: Matrix, isCausal: boolean): Matrix {
  const weights = matrix(scores.rows, scores.columns);
  for (let row = 0; row < scores.rows; row += 1) {
    const seen = isCausal ? row + 1 : scores.columns;
    const start = row * scores.columns;
    let sum = 0;
    for (let i = start; i < start + seen; i += 1) {
      weights.values[i] = Math.exp((scores.values[i] as number) / Math.sqrt(headSize));
      sum += weights.values[i] as number;
    }
    for (let i = start; i < start + seen; i += 1) weights.values[i] = (weights.values[i] as number) / sum;
  }
  return weights;
}

function feedForward(model: SmallModel, block: string, hidden: Matrix): Matrix {
  const wide = gelu(linear(model, `${block}.mlp1`, layerNorm(model, `${block}.mlp_ln`, hidden)));
  return linear(model, `${block}.mlp2`, wide);
}

function layerNorm(model: SmallModel, name: string, x: Matrix): Matrix {
  const scale = weight(model, `${name}.weight`);
  const shift = weight(model, `${name}.bias`);
  const normalized = matrix(x.rows, x.columns);
  for (let row = 0; row < x.rows; row += 1) {
    const values = x.values.subarray(row * x.columns, (row + 1) * x.columns);
    const mean = values.reduce((sum, value) => sum + value, 0) / x.columns;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.columns;
    for (const [i, value] of values.entries()) {
      const unit = (value - mean) / Math.sqrt(variance + 1e-5);
      normalized.values[row * x.columns + i] = unit * (scale[i] as number) + (shift[i] as number);
    }
  }
  return normalized;
}

function gelu(x: Matrix): Matrix {
  return { ...x, values: x.values.map((value) => 0.5 * value * (1 + errorFunction(value / Math.SQRT2))) };
}

/** erf(x) = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)), whose terms all have the sign of x. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function sinusoids(length: number, channels: number): Matrix {
  const table = matrix(length, channels);
  const half = channels / 2;
  for (let position = 0; position < length; position += 1) {
    for (let i = 0; i < half; i += 1) {
      const angle = position * Math.exp((-Math.log(10000) / (half - 1)) * i);
      table.values[position * channels + i] = Math.sin(angle);
      table.values[position * channels + half + i] = Math.cos(angle);
    }
  }
  return table;
}

function add(x: Matrix, y: Matrix): Matrix {
  return { ...x, values: x.values.map((value, i) => value + (y.values[i] as number)) };
}

function transpose(x: Matrix): Matrix {
  const turned = matrix(x.columns, x.rows);
  for (let row = 0; row < x.rows; row += 1) {
    for (let column = 0; column < x.columns; column += 1) {
      turned.values[column * x.rows + row] = x.values[row * x.columns + column] as number;
    }
  }
  return turned;
}
