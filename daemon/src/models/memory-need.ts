import type { ModelComputation } from '../protocol/computation.ts';
import type { LoadedModel } from '../protocol/residency.ts';

/** The sizes of a Whisper model that its memory follows from. */
export interface ModelSizes {
  readonly melBins: number;
  readonly audioContext: number;
  readonly audioState: number;
  readonly audioLayers: number;
  readonly vocabularySize: number;
  readonly textContext: number;
  readonly textLayers: number;
}

/** How a model's file has its weights. */
export interface WeightForm {
  /** Bits of a weight; 16 and 32 are floats. */
  readonly bits: number;
  /** Of quantised weights: how many share a scale. */
  readonly groupSize: number;
  /** Where the encoder's differ from the decoder's. */
  readonly encoderBits?: number;
}

/** How a model is computed. */
export interface Computation
  extends Pick<LoadedModel, 'device' | 'arithmetic'>,
    Omit<ModelComputation, 'logMelOnDevice'> {
  /** Windows decoded together. */
  readonly batchSize: number;
  /** The smaller model that guesses for this one. */
  readonly draft?: DraftComputation | null;
}

export interface DraftComputation extends Pick<Computation, 'denseEncoder' | 'rowsReadQuantized'> {
  readonly sizes: ModelSizes;
  readonly form: WeightForm;
}

export interface MemoryNeed {
  /** What stays while it is idle, its draft model's included. */
  readonly weightBytes: number;
  /** What the engine takes with it while it is idle. */
  readonly idleBytes: number;
  /** One more window with a row of text. */
  readonly windowBytes: number;
  /** At most: with so many windows decoded together, or while it is loaded. */
  readonly totalBytes: number;
}

/** Node, the addon and its libraries, the vocabulary and the network that hears speech. */
export const processBytes = 110e6;
const layersAtATime = 4;
/**
 * What a layer of the encoder has in memory on a GPU, in widths of its state: 13 in turbo's shapes where the host waits
 * after some layers, 5.3 a layer where it does not.
 */
const gpuWidths = { waiting: 13, running: 5.3 };

/** What an engine with this model takes, weights and work together. Measured: docs/performance.md. */
export function memoryNeed(sizes: ModelSizes, form: WeightForm, computation: Computation): MemoryNeed {
  const { batchSize, draft } = computation;
  const own = partsOf(sizes, form, computation);
  const guessing =
    draft &&
    partsOf(draft.sizes, draft.form, {
      ...computation,
      denseEncoder: draft.denseEncoder,
      rowsReadQuantized: draft.rowsReadQuantized,
    });
  const weightBytes = own.weightBytes + (guessing?.weightBytes ?? 0);
  const windowBytes = own.windowBytes + (guessing?.windowBytes ?? 0);
  // One encodes after the other.
  const encoderBytes = Math.max(own.encoderBytes, guessing?.encoderBytes ?? 0);
  const loadingBytes = Math.max(own.loadingBytes, guessing?.loadingBytes ?? 0);
  return {
    weightBytes,
    windowBytes,
    idleBytes: Math.round(processBytes + weightBytes),
    totalBytes: Math.round(processBytes + weightBytes + Math.max(encoderBytes + batchSize * windowBytes, loadingBytes)),
  };
}

function partsOf(sizes: ModelSizes, form: WeightForm, computation: Computation) {
  const { device, batchSize, encoderBatch } = computation;
  const { audioContext, audioState, audioLayers, textContext, textLayers } = sizes;
  const position = audioState * textLayers * 2;
  // Keys and values in half precision; on a GPU a row has those of its window, which itself keeps what the encoder found.
  const crossBytes = 2 * position * audioContext;
  const keptBytes = device === 'gpu' ? 2 * audioState * audioContext : crossBytes;
  const rowBytes = device === 'gpu' ? crossBytes + 2 * position * textContext : 4 * position * textContext;
  const width = audioContext * audioState * (device === 'gpu' ? 2 : 4);
  const passes = Math.min(encoderBatch, batchSize);
  const encoderWidths =
    device === 'gpu'
      ? Math.max(
          gpuWidths.running * audioLayers,
          gpuWidths.waiting * Math.min(layersAtATime, audioLayers) * (passes > 1 ? passes : 0),
        )
      : 12;
  return {
    weightBytes: bytesOfWeights(sizes, form, computation),
    windowBytes: keptBytes + rowBytes,
    encoderBytes: encoderWidths * width,
    loadingBytes: device === 'cpu' ? bytesConverted(sizes, form) : 0,
  };
}

/** Whether a model's decoder is smaller than another's: one that is not guesses nothing (native/draft-model.ts). */
export function hasSmallerDecoder(draft: Pick<DraftComputation, 'sizes' | 'form'>, large: typeof draft): boolean {
  return decoderBits(draft) < decoderBits(large);
}

function decoderBits({ sizes, form }: Pick<DraftComputation, 'sizes' | 'form'>): number {
  const { audioState, textLayers, vocabularySize } = sizes;
  const isQuantized = form.bits < 16;
  return (
    (textLayers * 16 * audioState ** 2 + vocabularySize * audioState) *
    (isQuantized ? form.bits + 32 / form.groupSize : 16)
  );
}

/** Half of these bytes are what a GPU has to spare for an encoder that is dense too (native/src/whisper/model.cc). */
export function denseBytes({ audioState, audioLayers, textLayers, vocabularySize }: ModelSizes): number {
  const square = audioState * audioState;
  return 2 * (12 * square * audioLayers + 16 * square * textLayers + vocabularySize * audioState);
}

function bytesOfWeights(
  sizes: ModelSizes,
  form: WeightForm,
  { device, arithmetic, denseEncoder, rowsReadQuantized }: Computation,
): number {
  const { vocabularySize, audioState } = sizes;
  const { many, few, convolutions, positions } = countWeights(sizes);
  const isQuantized = form.bits < 16;
  const bytesOf = (bits: number) => bytesOfWeight({ ...form, bits });
  if (device === 'cpu') {
    // Its kernels read 4 and 8 bits; what has others is widened to 8.
    const quantizedBytes = bytesOf(form.bits === 4 ? 4 : 8);
    const manyBytes = arithmetic === 'int8' ? 1 : 4;
    const embedding = isQuantized ? 0 : vocabularySize * audioState * (form.bits / 8);
    return (many + convolutions) * manyBytes + few * (isQuantized ? quantizedBytes : 4) + embedding + 4 * positions;
  }
  const rest = 2 * (convolutions + positions);
  if (!isQuantized) return 2 * (many + few) + rest;
  const fewBytes = (rowsReadQuantized === 0 ? 0 : bytesOf(form.bits)) + (rowsReadQuantized === null ? 0 : 2);
  return rest + few * fewBytes + many * (denseEncoder ? 2 : bytesOf(form.encoderBits ?? form.bits));
}

/** What a CPU has in the file's form too, until all layers are in the form that it computes with. */
function bytesConverted(sizes: ModelSizes, form: WeightForm): number {
  const { many, few, convolutions } = countWeights(sizes);
  const { bits, encoderBits = bits } = form;
  const layers = many * bytesOfWeight({ ...form, bits: encoderBits }) + 2 * convolutions;
  return bits < 16 ? layers : layers + (few - sizes.vocabularySize * sizes.audioState) * (bits / 8);
}

function countWeights({ melBins, audioContext, audioState, audioLayers, vocabularySize, ...text }: ModelSizes) {
  const { textContext, textLayers } = text;
  const square = audioState * audioState;
  return {
    convolutions: 3 * audioState * melBins + 3 * square,
    /** Products of many rows: the encoder, and the keys and values of cross-attention. */
    many: 12 * square * audioLayers + 2 * square * textLayers,
    few: 14 * square * textLayers + vocabularySize * audioState,
    positions: (audioContext + textContext) * audioState,
  };
}

function bytesOfWeight({ bits, groupSize }: WeightForm): number {
  return bits / 8 + (bits < 16 ? 4 / groupSize : 0);
}
