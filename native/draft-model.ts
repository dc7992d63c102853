import { type ModelFolder, readModelFolder } from './model-folder.ts';
import { nativeError } from './native-error.ts';

/** A smaller model that guesses what a large one says. */
export interface DraftModel extends ModelFolder {
  /** Of one guess, in runs of the large model's decoder: both are bound by reading their weights. */
  readonly cost: number;
}

/**
 * The model of a folder as one that guesses for another; null when its decoder is no smaller, so that nothing is gained.
 * @throws `DRAFT_MODEL_MISMATCH`, `MODEL_NOT_FOUND`, `MODEL_INVALID`
 */
export async function readDraftModel(folder: string, large: ModelFolder): Promise<DraftModel | null> {
  const draft = await readModelFolder(folder);
  const cost = decoderBits(draft) / decoderBits(large);
  if (cost >= 1) return null;
  const expected = inputsAndOutputs(large);
  const got = inputsAndOutputs(draft);
  if (got === expected) return { ...draft, cost };
  throw nativeError(
    'DRAFT_MODEL_MISMATCH',
    `Expected a draft model of the same kind as the model it guesses for (${expected}), got one of another (${got}).`,
  );
}

function inputsAndOutputs({ dimensions }: ModelFolder): string {
  return `${dimensions.vocabularySize} tokens, ${dimensions.melBins} mel bins`;
}

function decoderBits({ dimensions, quantization }: ModelFolder): number {
  const { textState, textLayers, vocabularySize } = dimensions;
  const weights = textLayers * 16 * textState ** 2 + vocabularySize * textState;
  return weights * (quantization === null ? 16 : quantization.bits + 32 / quantization.groupSize);
}
