import type { Addon } from './addon.ts';
import type { LoadModelRequest, NativeModel } from './model.ts';
import { readModelFolder } from './model-folder.ts';
import { openAiAlignmentHeads } from './openai-alignment-heads.ts';

/** Options that the product never uses. */
export interface ForcedComputation {
  /**
   * `auto`: MLX on a GPU, our CPU primitives elsewhere. `mlx` forces MLX's own operations on any device: the code path
   * of a GPU, slow on a CPU.
   */
  readonly operations?: 'auto' | 'cpu' | 'mlx';
  /** Also computes in float32 on a GPU. A CPU always does. */
  readonly float32?: boolean;
}

/** @throws `MODEL_NOT_FOUND`, `MODEL_INVALID` */
export async function loadModel(addon: Addon, request: LoadModelRequest & ForcedComputation): Promise<NativeModel> {
  const { weightsPaths, dimensions, quantization, alignmentHeads } = await readModelFolder(request.folder);
  const [weightsPath, ...otherWeightsPaths] = weightsPaths;
  const model = await addon.loadModel({
    weightsPath,
    otherWeightsPaths,
    dimensions,
    groupSize: quantization?.groupSize ?? 0,
    operations: request.operations ?? 'auto',
    saveMemory: request.saveMemory ?? false,
    float32: request.float32 ?? false,
    arithmetic: request.arithmetic ?? 'exact',
  });
  return Object.assign(model, {
    dimensions,
    quantization,
    alignmentHeads:
      alignmentHeads ?? (model.alignmentHeads.length > 0 ? model.alignmentHeads : openAiAlignmentHeads(dimensions)),
  });
}
