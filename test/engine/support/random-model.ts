import { randomFillSync } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueEntry } from '../../../daemon/src/models/catalogue.ts';
import type { WeightForm } from '../../../daemon/src/models/memory-need.ts';
import { mlxConfig } from './model-folder.ts';

type Dimensions = CatalogueEntry['facts']['dimensions'];
type Type = 'U32' | 'F16' | 'F32';

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: Type;
  /** Its values are this one; random if there is none. */
  readonly value?: number;
}

const bytesOf: Readonly<Record<Type, number>> = { U32: 4, F16: 2, F32: 4 };
const blockBytes = 1024 * 1024;

/**
 * Writes a Whisper with the sizes of a real one and random weights, in mlx-whisper's layout: it takes the memory and the
 * time of the real one, and says nothing.
 */
export async function writeRandomModel(
  folder: string,
  { dimensions, form }: { readonly dimensions: Dimensions; readonly form: WeightForm },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(dimensions, form), null, 1));
  const tensors = tensorsOf(dimensions, form);
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const tensor of tensors) {
    const end = offset + sizeOf(tensor);
    header[tensor.name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = await open(join(folder, 'model.safetensors'), 'w');
  try {
    await file.writeFile(length);
    await file.writeFile(text);
    const random = { U32: randomBlock('U32'), F16: randomBlock('F16'), F32: randomBlock('F32') };
    for (const tensor of tensors) {
      const block = tensor.value === undefined ? random[tensor.type] : constantBlock(tensor.type, tensor.value);
      for (let left = sizeOf(tensor); left > 0; left -= blockBytes) await file.writeFile(block.subarray(0, left));
    }
  } finally {
    await file.close();
  }
}

function configOf(dimensions: Dimensions, { bits, groupSize }: WeightForm) {
  return {
    ...mlxConfig(dimensions),
    ...(bits < 16 ? { quantization: { bits, group_size: groupSize } } : {}),
    ...(bits === 32 ? { torch_dtype: 'float32' } : {}),
  };
}

function tensorsOf(dimensions: Dimensions, form: WeightForm): readonly Tensor[] {
  const { melBins, audioState, audioLayers, vocabularySize, textContext, textState, textLayers } = dimensions;
  const type = form.bits === 32 ? 'F32' : 'F16';
  const linear = (name: string, outputs: number, inputs: number, hasBias = true): readonly Tensor[] => [
    ...weightOf(name, { outputs, inputs, form, type }),
    ...(hasBias ? [{ name: `${name}.bias`, shape: [outputs], type } as const] : []),
  ];
  const norm = (name: string, state: number): readonly Tensor[] => [
    { name: `${name}.weight`, shape: [state], type, value: 1 },
    { name: `${name}.bias`, shape: [state], type, value: 0 },
  ];
  const attention = (name: string, state: number): readonly Tensor[] => [
    ...['query', 'key', 'value', 'out'].flatMap((part) => linear(`${name}.${part}`, state, state, part !== 'key')),
    ...norm(`${name}_ln`, state),
  ];
  const block = (name: string, state: number, hasCross: boolean): readonly Tensor[] => [
    ...attention(`${name}.attn`, state),
    ...(hasCross ? attention(`${name}.cross_attn`, state) : []),
    ...linear(`${name}.mlp1`, 4 * state, state),
    ...linear(`${name}.mlp2`, state, 4 * state),
    ...norm(`${name}.mlp_ln`, state),
  ];
  const layers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    { name: 'encoder.conv1.weight', shape: [audioState, 3, melBins], type },
    { name: 'encoder.conv1.bias', shape: [audioState], type },
    { name: 'encoder.conv2.weight', shape: [audioState, 3, audioState], type },
    { name: 'encoder.conv2.bias', shape: [audioState], type },
    ...layers(audioLayers).flatMap((layer) => block(`encoder.blocks.${layer}`, audioState, false)),
    ...norm('encoder.ln_post', audioState),
    ...weightOf('decoder.token_embedding', { outputs: vocabularySize, inputs: textState, form, type }),
    { name: 'decoder.positional_embedding', shape: [textContext, textState], type },
    ...layers(textLayers).flatMap((layer) => block(`decoder.blocks.${layer}`, textState, true)),
    ...norm('decoder.ln', textState),
  ];
}

interface Weight {
  readonly outputs: number;
  readonly inputs: number;
  readonly form: WeightForm;
  readonly type: 'F16' | 'F32';
}

function weightOf(name: string, { outputs, inputs, form: { bits, groupSize }, type }: Weight): readonly Tensor[] {
  if (bits >= 16) return [{ name: `${name}.weight`, shape: [outputs, inputs], type }];
  const scale = 2 ** -(bits + 3);
  const groups = [outputs, inputs / groupSize];
  return [
    { name: `${name}.weight`, shape: [outputs, (inputs * bits) / 32], type: 'U32' },
    { name: `${name}.scales`, shape: groups, type: 'F16', value: scale },
    { name: `${name}.biases`, shape: groups, type: 'F16', value: -scale * 2 ** (bits - 1) },
  ];
}

function sizeOf({ shape, type }: Tensor): number {
  return shape.reduce((product, size) => product * size, bytesOf[type]);
}

/** Of floats, values between 1/64 and 1/32 of either sign: any other bits, and that exponent. */
function randomBlock(type: Type): Buffer {
  const block = randomFillSync(Buffer.alloc(blockBytes));
  for (let at = 0; type === 'F16' && at < block.length; at += 2) {
    block.writeUInt16LE((block.readUInt16LE(at) & 0x83ff) | ((15 - 6) << 10), at);
  }
  for (let at = 0; type === 'F32' && at < block.length; at += 4) {
    block.writeUInt32LE(((block.readUInt32LE(at) & 0x807fffff) | ((127 - 6) << 23)) >>> 0, at);
  }
  return block;
}

/** Of a power of two, its negative, or 0. */
function constantBlock(type: Type, value: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  if (value === 0) return block;
  const exponent = Math.log2(Math.abs(value));
  const half = (value < 0 ? 0x8000 : 0) | ((15 + exponent) << 10);
  for (let at = 0; at < block.length; at += bytesOf[type]) {
    if (type === 'F32') block.writeFloatLE(value, at);
    else block.writeUInt16LE(half, at);
  }
  return block;
}
