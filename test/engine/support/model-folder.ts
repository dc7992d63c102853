import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelDimensions } from '@hearth/native';
import { buildNpzFile } from './npz-file.ts';
import { buildSafetensorsFile, type Tensor } from './safetensors-file.ts';
import type { SmallModel, Weight } from './small-model.ts';
import { floatTensor, type Storage, storeTensors } from './stored-tensors.ts';

export interface ModelFolderForm {
  /** `asr`: Hugging Face's config.json with mlx-whisper's tensor names. */
  readonly layout: 'mlx-whisper' | 'asr' | 'hugging-face';
  readonly storage: Storage;
  readonly weightsFile: 'model.safetensors' | 'weights.safetensors' | 'weights.npz';
  /** The files that share the tensors, in place of `weightsFile`. */
  readonly shards?: readonly string[];
  /** Names the file of each tensor, as Hugging Face's libraries do. */
  readonly shardIndex?: 'model.safetensors.index.json' | 'weights.safetensors.index.json';
  readonly alignmentHeads?: readonly (readonly [number, number])[];
}

/** Applied in this order: mlx-whisper's name, then Hugging Face's. */
const huggingFaceNames: readonly (readonly [string, string])[] = [
  ['.blocks.', '.layers.'],
  ['.cross_attn_ln.', '.encoder_attn_layer_norm.'],
  ['.attn_ln.', '.self_attn_layer_norm.'],
  ['.mlp_ln.', '.final_layer_norm.'],
  ['.cross_attn.', '.encoder_attn.'],
  ['.attn.', '.self_attn.'],
  ['.query.', '.q_proj.'],
  ['.key.', '.k_proj.'],
  ['.value.', '.v_proj.'],
  ['.out.', '.out_proj.'],
  ['.mlp1.', '.fc1.'],
  ['.mlp2.', '.fc2.'],
  ['decoder.token_embedding.', 'decoder.embed_tokens.'],
  ['decoder.positional_embedding', 'decoder.embed_positions.weight'],
  ['encoder.ln_post.', 'encoder.layer_norm.'],
  ['decoder.ln.', 'decoder.layer_norm.'],
];

/** Writes a model as the files that one of its converters makes. */
export async function writeModelFolder(folder: string, model: SmallModel, form: ModelFolderForm): Promise<void> {
  const { layout, alignmentHeads } = form;
  const tensors =
    layout === 'hugging-face' ? huggingFaceTensors(model, form.storage) : storeTensors(model, form.storage);
  if (alignmentHeads && layout === 'mlx-whisper') tensors.set('alignment_heads', headsTensor(alignmentHeads));
  if (alignmentHeads && layout !== 'mlx-whisper') {
    await writeJson(join(folder, 'generation_config.json'), { alignment_heads: alignmentHeads });
  }
  const config = layout === 'mlx-whisper' ? mlxConfig(model.dimensions) : huggingFaceConfig(model.dimensions);
  await writeJson(join(folder, 'config.json'), { ...config, ...quantizationConfig(form.storage) });
  const weightMap: Record<string, string> = {};
  for (const [index, name] of (form.shards ?? []).entries()) {
    const part = [...tensors].filter((_, each) => each % (form.shards?.length ?? 1) === index);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), buildSafetensorsFile(new Map(part)));
    for (const [tensor] of part) weightMap[tensor] = name;
  }
  if (form.shardIndex !== undefined)
    await writeJson(join(folder, form.shardIndex), { metadata: {}, weight_map: weightMap });
  if (form.shards !== undefined) return;
  const build = form.weightsFile.endsWith('.npz') ? buildNpzFile : buildSafetensorsFile;
  await writeFile(join(folder, form.weightsFile), build(tensors));
}

/** Convolutions `[outputs, inputs, kernel]`, the encoder's positions stored, the output projection beside the embedding. */
function huggingFaceTensors(model: SmallModel, storage: Storage): Map<string, Tensor> {
  const weights = new Map(model.weights);
  for (const [name, weight] of weights) {
    if (/conv\d\.weight$/.test(name)) weights.set(name, kernelLast(weight));
  }
  const tensors = storeTensors({ ...model, weights }, storage);
  const renamed = new Map([...tensors].map(([name, tensor]) => [huggingFaceName(name), tensor]));
  const { audioContext, audioState } = model.dimensions;
  const positions = { shape: [audioContext, audioState], values: new Float32Array(audioContext * audioState) };
  renamed.set('model.encoder.embed_positions.weight', floatTensor(positions, 'F32'));
  renamed.set('proj_out.weight', tensors.get('decoder.token_embedding.weight') as Tensor);
  return renamed;
}

function kernelLast({ shape, values }: Weight): Weight {
  const [outputs, kernel, inputs] = shape as [number, number, number];
  const moved = values.map((_, i) => {
    const [output, input, tap] = [Math.floor(i / (inputs * kernel)), Math.floor(i / kernel) % inputs, i % kernel];
    return values[(output * kernel + tap) * inputs + input] as number;
  });
  return { shape: [outputs, inputs, kernel], values: moved };
}

function huggingFaceName(name: string): string {
  return huggingFaceNames.reduce((renamed, [from, to]) => renamed.replace(from, to), `model.${name}`);
}

/** `config.json` in mlx-whisper's layout, without what it says of quantisation. */
export function mlxConfig(dimensions: ModelDimensions) {
  return {
    n_mels: dimensions.melBins,
    n_audio_ctx: dimensions.audioContext,
    n_audio_state: dimensions.audioState,
    n_audio_head: dimensions.audioHeads,
    n_audio_layer: dimensions.audioLayers,
    n_vocab: dimensions.vocabularySize,
    n_text_ctx: dimensions.textContext,
    n_text_state: dimensions.textState,
    n_text_head: dimensions.textHeads,
    n_text_layer: dimensions.textLayers,
    model_type: 'whisper',
  };
}

function huggingFaceConfig(dimensions: ModelDimensions) {
  return {
    num_mel_bins: dimensions.melBins,
    max_source_positions: dimensions.audioContext,
    d_model: dimensions.audioState,
    encoder_attention_heads: dimensions.audioHeads,
    encoder_layers: dimensions.audioLayers,
    vocab_size: dimensions.vocabularySize,
    max_target_positions: dimensions.textContext,
    decoder_attention_heads: dimensions.textHeads,
    decoder_layers: dimensions.textLayers,
    model_type: 'whisper',
  };
}

function quantizationConfig(storage: Storage) {
  return 'bits' in storage ? { quantization: { group_size: storage.groupSize, bits: storage.bits } } : {};
}

function headsTensor(heads: readonly (readonly [number, number])[]): Tensor {
  const values = BigInt64Array.from(heads.flat(), BigInt);
  return { dtype: 'I64', shape: [heads.length, 2], bytes: new Uint8Array(values.buffer) };
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFile(path, JSON.stringify(value));
}
