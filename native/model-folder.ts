import { constants } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelDimensions } from './model-dimensions.ts';
import { nativeError } from './native-error.ts';
import { shardIndexNames, shardNamesOf } from './shard-index.ts';

/** What `config.json` says of quantised weights. The engine reads each layer's own bits and groups from its shapes. */
export interface Quantization {
  readonly bits: number;
  readonly groupSize: number;
  /** Where layers of the encoder have others than `bits`: the most. */
  readonly encoderBits?: number;
}

export interface ModelFolder {
  /** One file, or the shards of a model in several. */
  readonly weightsPaths: readonly [string, ...string[]];
  readonly dimensions: ModelDimensions;
  readonly quantization: Quantization | null;
  /** From `generation_config.json`; null when the folder says nothing and the weights file may. */
  readonly alignmentHeads: readonly (readonly [number, number])[] | null;
}

/** In the order in which mlx-whisper's own names came and went. */
const weightsFileNames = ['model.safetensors', 'weights.safetensors', 'weights.npz'];
/** `model-00001-of-00002.safetensors`, and mlx-whisper's `weights.00.safetensors`, which no index lists. */
const shardName = /^(?:model|weights)[.-](\d+)(?:-of-(\d+))?\.safetensors$/;

/** Far more than any Whisper has. The engine counts in 32 bits. */
const largestDimension = 1_000_000;

/** Far more than any model says of itself. */
const mostJsonBytes = 1024 * 1024;

/** mlx-whisper's key, then Hugging Face's, for each dimension. */
export const dimensionKeys: Record<keyof ModelDimensions, readonly [string, string]> = {
  melBins: ['n_mels', 'num_mel_bins'],
  audioContext: ['n_audio_ctx', 'max_source_positions'],
  audioState: ['n_audio_state', 'd_model'],
  audioHeads: ['n_audio_head', 'encoder_attention_heads'],
  audioLayers: ['n_audio_layer', 'encoder_layers'],
  vocabularySize: ['n_vocab', 'vocab_size'],
  textContext: ['n_text_ctx', 'max_target_positions'],
  textState: ['n_text_state', 'd_model'],
  textHeads: ['n_text_head', 'decoder_attention_heads'],
  textLayers: ['n_text_layer', 'decoder_layers'],
};

/**
 * Reads what a model folder says of itself: mlx-whisper's `config.json` or Hugging Face's, and which weights file it has.
 * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const config = await readConfig(folder);
  return {
    weightsPaths: await findWeights(folder),
    dimensions: readDimensions(config, folder),
    quantization: readQuantization(config, folder),
    alignmentHeads: await readAlignmentHeads(folder),
  };
}

async function readConfig(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, 'config.json');
  let text: string;
  await requireRegularFile(path, mostJsonBytes);
  try {
    text = await readJsonText(path);
  } catch (cause) {
    throw nativeError(
      'MODEL_NOT_FOUND',
      `Expected a model folder with a config.json, got ${folder}, which has none.`,
      cause,
    );
  }
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null) return config as Record<string, unknown>;
  } catch (cause) {
    throw nativeError('MODEL_INVALID', `Expected JSON in ${path}, got something else.`, cause);
  }
  throw nativeError('MODEL_INVALID', `Expected a JSON object in ${path}, got another value.`);
}

async function findWeights(folder: string): Promise<readonly [string, ...string[]]> {
  for (const name of weightsFileNames) {
    const path = join(folder, name);
    if (await requireRegularFile(path)) return [path];
  }
  const [first, ...others] = (await listedShards(folder)) ?? (await numberedShards(folder));
  if (first !== undefined) return [first, ...others];
  throw nativeError('MODEL_INVALID', `Expected one of ${weightsFileNames.join(', ')} in ${folder}, found none.`);
}

/** The files that an index lists; null if there is none. @throws `MODEL_INVALID` for a list that is wrong or not all there */
async function listedShards(folder: string): Promise<readonly string[] | null> {
  for (const indexName of shardIndexNames) {
    const indexPath = join(folder, indexName);
    if (!(await requireRegularFile(indexPath, mostJsonBytes))) continue;
    const names = shardNamesOf(await readJsonText(indexPath));
    if (names === null) {
      throw nativeError(
        'MODEL_INVALID',
        `Expected weight_map in ${indexPath} to name .safetensors files in its folder or below it, got something else.`,
      );
    }
    const paths = names.map((name) => join(folder, name));
    const areThere = await Promise.all(paths.map((path) => requireRegularFile(path)));
    const missing = areThere.filter((isThere) => !isThere).length;
    if (missing === 0) return paths;
    throw nativeError(
      'MODEL_INVALID',
      `Expected ${paths.length} files of weights in ${folder}, found ${paths.length - missing}.`,
    );
  }
  return null;
}

/** The files of a model in several that are numbered, all of which have to be there. @throws `MODEL_INVALID` */
async function numberedShards(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => shardName.test(name)).sort();
  const [first = ''] = names;
  const [, , total] = shardName.exec(first) ?? [];
  const isNumbered =
    total === undefined ? (name: string) => !name.includes('-of-') : (name: string) => name.includes(`-of-${total}.`);
  const shards = names.filter(isNumbered);
  if (total !== undefined && shards.length !== Number(total)) {
    throw nativeError(
      'MODEL_INVALID',
      `Expected ${Number(total)} files of weights in ${folder}, found ${shards.length}.`,
    );
  }
  for (const name of shards) await requireRegularFile(join(folder, name));
  return shards.map((name) => join(folder, name));
}

/** Whether there is one. To open a pipe waits for ever, and to read a device may never end. @throws `MODEL_INVALID` */
async function requireRegularFile(path: string, mostBytes = Number.POSITIVE_INFINITY): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  if (status === null) return false;
  if (!status.isFile()) throw nativeError('MODEL_INVALID', `Expected a file at ${path}, got something else.`);
  if (status.size <= mostBytes) return true;
  throw nativeError('MODEL_INVALID', `Expected at most ${mostBytes} bytes in ${path}, got ${status.size}.`);
}

/** What the system makes up while it is read, as in `/proc`, counts as empty: to read it may wait for ever. */
async function readJsonText(path: string): Promise<string> {
  if ((await stat(path)).size === 0) return '';
  return readFile(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK });
}

function readDimensions(config: Record<string, unknown>, folder: string): ModelDimensions {
  const entries = Object.entries(dimensionKeys).map(([name, keys]) => {
    const value = config[keys[0]] ?? config[keys[1]];
    const isDimension = typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= largestDimension;
    if (isDimension) return [name, value];
    throw nativeError(
      'MODEL_INVALID',
      `Expected a whole number from 1 to ${largestDimension} as ${keys.join(' or ')} in ${join(folder, 'config.json')}, got ${kindOf(value)}.`,
    );
  });
  return Object.fromEntries(entries) as ModelDimensions;
}

function readQuantization(config: Record<string, unknown>, folder: string): ModelFolder['quantization'] {
  const value = config['quantization'] ?? config['quantization_config'];
  if (value === undefined || value === null) return null;
  const { bits, group_size: groupSize, mode } = value as { bits?: unknown; group_size?: unknown; mode?: unknown };
  if (typeof mode === 'string' && mode !== 'affine') {
    throw nativeError(
      'MODEL_INVALID',
      `Expected affine weights, got weights of another kind in ${folder}. Use a model whose quantization has the mode affine.`,
    );
  }
  if (typeof bits === 'number' && typeof groupSize === 'number') {
    const encoderBits = mostEncoderBits(value);
    return encoderBits === null || encoderBits === bits ? { bits, groupSize } : { bits, groupSize, encoderBits };
  }
  throw nativeError(
    'MODEL_INVALID',
    `Expected quantization in ${join(folder, 'config.json')} to have bits and group_size, got ${kindOf(value)}.`,
  );
}

/** MLX names the layers that differ from the rest, each with its own bits. */
function mostEncoderBits(quantization: object): number | null {
  const own = Object.entries(quantization as Record<string, unknown>).flatMap(([name, layer]) => {
    const { bits } = (layer ?? {}) as { bits?: unknown };
    return /^(model\.)?encoder\./.test(name) && typeof bits === 'number' ? [bits] : [];
  });
  return own.length === 0 ? null : Math.max(...own);
}

/** What it is, not what it says: a folder that somebody names may hold what its owner would not show. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'number') return 'another number';
  return Array.isArray(value)
    ? 'a list'
    : ({ string: 'a text', boolean: 'a switch' }[String(typeof value)] ?? 'an object');
}

async function readAlignmentHeads(folder: string): Promise<ModelFolder['alignmentHeads']> {
  const path = join(folder, 'generation_config.json');
  if (!(await requireRegularFile(path, mostJsonBytes))) return null;
  try {
    const config = JSON.parse(await readJsonText(path)) as {
      alignment_heads?: unknown;
    };
    return Array.isArray(config.alignment_heads) ? (config.alignment_heads as [number, number][]) : null;
  } catch {
    return null; // the file is optional, and word times have other sources for the heads
  }
}
