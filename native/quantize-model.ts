import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Addon } from './addon.ts';
import type { ModelDimensions } from './model-dimensions.ts';
import { dimensionKeys, readModelFolder } from './model-folder.ts';
import { nativeError } from './native-error.ts';
import { openAiAlignmentHeads } from './openai-alignment-heads.ts';
import type { QuantizeModelRequest } from './quantize-request.ts';

/** @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`, `DISK_FULL`, `OUTPUT_NOT_WRITABLE`, `CANCELLED` */
export async function quantizeModel(addon: Addon, request: QuantizeModelRequest): Promise<void> {
  const { folder, outputFolder, bits, encoderBits, groupSize } = request;
  const { weightsPaths, dimensions, alignmentHeads } = await readModelFolder(folder);
  const [weightsPath, ...otherWeightsPaths] = weightsPaths;
  requireWholeGroups(dimensions, groupSize);
  await addon.quantizeModel({
    weightsPath,
    otherWeightsPaths,
    dimensions,
    outputPath: join(outputFolder, 'weights.safetensors'),
    finishedPath: request.finishedPath ?? '',
    bits,
    encoderBits,
    groupSize,
    alignmentHeads: alignmentHeads ?? openAiAlignmentHeads(dimensions),
    windows: request.windows,
    signal: request.signal,
    onProgress: request.onProgress,
  });
  const config = configOf(dimensions, { bits, encoderBits, groupSize });
  await writeFile(join(outputFolder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
}

/** Every row of every layer is as long as the model is wide, or four times as long. */
function requireWholeGroups({ audioState, textState }: ModelDimensions, groupSize: number): void {
  for (const width of [audioState, textState]) {
    if (width % groupSize === 0) continue;
    throw nativeError(
      'OPTION_INVALID',
      `Expected a group size that divides the model's width of ${width}, got ${groupSize}.`,
    );
  }
}

/** mlx-whisper's configuration. It names layers only if their bits differ from the rest, as MLX does. */
function configOf(
  dimensions: ModelDimensions,
  { bits, encoderBits, groupSize }: Pick<QuantizeModelRequest, 'bits' | 'encoderBits' | 'groupSize'>,
) {
  const sizes = Object.entries(dimensionKeys).map(([name, [key]]) => [key, dimensions[name as keyof ModelDimensions]]);
  const layer = { group_size: groupSize, bits: encoderBits };
  const own = encoderBits === bits ? [] : encoderLayers(dimensions.audioLayers).map((name) => [name, layer]);
  return {
    ...Object.fromEntries(sizes),
    model_type: 'whisper',
    quantization: { group_size: groupSize, bits, ...Object.fromEntries(own) },
  };
}

function encoderLayers(blocks: number): readonly string[] {
  const parts = ['attn.query', 'attn.key', 'attn.value', 'attn.out', 'mlp1', 'mlp2'];
  return Array.from({ length: blocks }, (_, block) => parts.map((part) => `encoder.blocks.${block}.${part}`)).flat();
}
