import type { Addon } from './addon.ts';
import { readDraftModel } from './draft-model.ts';
import type { ComputationTrial, LoadModelRequest, NativeModel } from './model.ts';
import { type ModelFolder, readModelFolder } from './model-folder.ts';
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
  /** What a guess of the draft model counts as, in runs of the large one's decoder. Default: as their sizes say, until it was timed. */
  readonly draftCost?: number;
  /** What the ways to compute a model take, in place of what a clock says. */
  readonly trials?: readonly ComputationTrial[];
}

/** @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `DRAFT_MODEL_MISMATCH` */
export async function loadModel(addon: Addon, request: LoadModelRequest & ForcedComputation): Promise<NativeModel> {
  const folder = await readModelFolder(request.folder);
  const { dimensions, quantization, alignmentHeads } = folder;
  const { draftFolder } = request;
  const draft = typeof draftFolder === 'string' ? await readDraftModel(draftFolder, folder) : null;
  const model = await addon.loadModel({
    ...weightsOf(folder),
    ...computationOf(folder, request),
    trials: request.trials ?? null,
    draft: draft && {
      ...computationOf(draft, request),
      ...weightsOf(draft),
      cost: request.draftCost ?? draft.cost,
      isCostFixed: request.draftCost !== undefined,
    },
    operations: request.operations ?? 'auto',
    saveMemory: request.saveMemory ?? false,
    float32: request.float32 ?? false,
    arithmetic: request.arithmetic ?? 'exact',
  });
  return Object.assign(model, {
    dimensions,
    quantization,
    draft: draft &&
      model.draft && {
        folder: draftFolder as string,
        dimensions: draft.dimensions,
        quantization: draft.quantization,
        weightBytes: model.draft.weightBytes,
        computation: model.draft.computation,
        trials: model.draft.trials,
        mayBeDense: model.draft.mayBeDense,
      },
    alignmentHeads:
      alignmentHeads ?? (model.alignmentHeads.length > 0 ? model.alignmentHeads : openAiAlignmentHeads(dimensions)),
  });
}

function computationOf({ dimensions, quantization }: ModelFolder, { measured }: LoadModelRequest) {
  const computation = measured?.({ dimensions, quantization }) ?? null;
  return { computation, measures: measured !== undefined && computation === null };
}

function weightsOf({ weightsPaths, dimensions }: ModelFolder) {
  const [weightsPath, ...otherWeightsPaths] = weightsPaths;
  return { weightsPath, otherWeightsPaths, dimensions };
}
