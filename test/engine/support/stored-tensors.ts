import type { Tensor } from './safetensors-file.ts';
import { type Grid, gridGroupSize, type SmallModel, type Weight } from './small-model.ts';

export type Storage = { readonly dtype: 'F16' | 'F32' } | { readonly bits: 4 | 8; readonly groupSize: 32 | 64 | 128 };

/** The model's tensors as a file stores them, under mlx-whisper's names: dense, or in MLX's affine quantisation. */
export function storeTensors(model: SmallModel, storage: Storage): Map<string, Tensor> {
  const dtype = 'dtype' in storage ? storage.dtype : 'F16';
  return new Map(
    [...model.weights].flatMap(([name, weight]): [string, Tensor][] => {
      if ('dtype' in storage || weight.grid === undefined) return [[name, floatTensor(weight, dtype)]];
      return quantizedTensors(name, weight, weight.grid, storage);
    }),
  );
}

export function floatTensor({ shape, values }: Weight, dtype: 'F16' | 'F32'): Tensor {
  const bytes = dtype === 'F32' ? bytesOf(values) : bytesOf(toHalfFloats(values));
  return { dtype, shape, bytes };
}

/**
 * `value = scale * q + bias` per group, the first q in the lowest bits of a uint32. In 8 bits a level of 4 bits stands
 * in the upper half, by a step a sixteenth as wide.
 */
function quantizedTensors(
  name: string,
  weight: Weight,
  { levels, steps }: Grid,
  { bits, groupSize }: { readonly bits: 4 | 8; readonly groupSize: number },
): [string, Tensor][] {
  const [outputs, inputs] = weight.shape as [number, number];
  const valuesPerWord = 32 / bits;
  const words = new Uint32Array(levels.length / valuesPerWord);
  for (let i = 0; i < levels.length; i += 1) {
    const level = levels[i] as number;
    const word = Math.floor(i / valuesPerWord);
    const q = bits === 8 ? level * 16 : level;
    words[word] = (words[word] as number) | (q << (bits * (i % valuesPerWord)));
  }
  const groups = (outputs * inputs) / groupSize;
  const stepOf = (group: number) => steps[Math.floor((group * groupSize) / gridGroupSize)] as number;
  const scales = Float32Array.from({ length: groups }, (_, group) => stepOf(group) / (bits === 8 ? 16 : 1));
  const biases = Float32Array.from({ length: groups }, (_, group) => -8 * stepOf(group));
  const groupShape = [outputs, inputs / groupSize];
  const layer = name.replace(/\.weight$/, '');
  return [
    [name, { dtype: 'U32', shape: [outputs, inputs / valuesPerWord], bytes: bytesOf(words) }],
    [`${layer}.scales`, floatTensor({ shape: groupShape, values: scales }, 'F16')],
    [`${layer}.biases`, floatTensor({ shape: groupShape, values: biases }, 'F16')],
  ];
}

function bytesOf(array: Float32Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** @throws for values that float16 cannot hold exactly, or holds without its full precision */
function toHalfFloats(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] as number;
    if (word === 0) continue;
    const exponent = ((word >>> 23) & 0xff) - 127;
    if (exponent < -14 || exponent > 15 || (word & 0x1fff) !== 0) {
      throw new Error(`Expected a value that float16 holds exactly, got ${values[i]}.`);
    }
    halves[i] = ((word >>> 16) & 0x8000) | ((exponent + 15) << 10) | ((word >>> 13) & 0x3ff);
  }
  return halves;
}
