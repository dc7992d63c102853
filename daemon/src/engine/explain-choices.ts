import type { ComputationTrial } from '../protocol/computation.ts';
import type { DecodingPreset } from '../protocol/engine-messages.ts';
import type { LoadedModel } from '../protocol/residency.ts';

export interface ChosenModel
  extends Pick<
    LoadedModel,
    | 'device'
    | 'arithmetic'
    | 'denseEncoder'
    | 'rowsReadQuantized'
    | 'batchSize'
    | 'encoderBatch'
    | 'logMelOnDevice'
    | 'trials'
  > {
  /** In its file; null where they are floats. */
  readonly encoderBits: number | null;
}

/** Why a model is computed as it is, in sentences. */
export function explainChoices(model: ChosenModel, preset: DecodingPreset): readonly string[] {
  return [
    encoderSentence(model, preset),
    ...decoderSentences(model),
    batchSentence(model, preset),
    passSentence(model),
    ...logMelSentences(model),
  ];
}

function encoderSentence(model: ChosenModel, preset: DecodingPreset): string {
  const { device, arithmetic, denseEncoder, encoderBits } = model;
  if (arithmetic === 'int8') return 'The encoder has 8 bits, as the setting arithmetic asks for.';
  if (device === 'cpu') return 'The encoder has 32 bits: a CPU computes exactly so.';
  if (encoderBits === null) return 'The encoder is as it is in the file.';
  const [dense, quantized] = [timeOf(model, 'encoder', 'dense', 1), timeOf(model, 'encoder', 'quantized', 1)];
  const measured =
    dense !== null && quantized !== null
      ? `: a window takes ${dense} so, and ${quantized} in the ${encoderBits}`
      : null;
  if (denseEncoder) return `The encoder has 16 bits${measured ?? ', as a GPU is taken to be faster so'}.`;
  const as = `The encoder has the ${encoderBits} bits of its file`;
  if (preset === 'lowMemory') return `${as}, as the setting preset asks for.`;
  if (measured === null) return `${as}: 16 would take too much of the memory.`;
  return `${as}: a window takes ${quantized} so, and ${dense} in 16, which takes more memory.`;
}

/** Of a GPU with a quantised model. */
function decoderSentences(model: ChosenModel): readonly string[] {
  const { device, encoderBits, rowsReadQuantized } = model;
  if (device === 'cpu' || encoderBits === null) return [];
  if (rowsReadQuantized === null) return ['The decoder has the bits of its file.'];
  if (rowsReadQuantized === 0) return ['The decoder has 16 bits, whatever texts are decoded together.'];
  return [`The decoder reads the bits of its file for up to ${rowsReadQuantized} texts together, and 16 for more.`];
}

function batchSentence({ device, batchSize }: ChosenModel, preset: DecodingPreset): string {
  const windows = batchSize === 1 ? 'One window is' : `${batchSize} windows are`;
  if (preset !== 'auto') return `${windows} decoded together, as the setting preset asks for and the memory allows.`;
  return `${windows} decoded together: ${device === 'cpu' ? 'one keeps a CPU busy' : 'as many as pay and fit'}.`;
}

function passSentence(model: ChosenModel): string {
  const { device, denseEncoder, encoderBatch } = model;
  if (encoderBatch === 1) return 'One window is encoded in a pass.';
  const taken = timeOf(model, 'encoder', denseEncoder ? 'dense' : 'quantized', encoderBatch);
  const measured = taken === null ? '' : ` They take ${taken}.`;
  return `Up to ${encoderBatch} windows are encoded in a pass: more are hardly faster on a ${device.toUpperCase()}, and take more memory.${measured}`;
}

function logMelSentences(model: ChosenModel): readonly string[] {
  const [cpu, device] = [timeOf(model, 'logMel', 'cpu', 1), timeOf(model, 'logMel', 'device', 1)];
  if (cpu === null) return [];
  const measured = device === null ? 'the GPU cannot compute it alike' : `${device} on the GPU and ${cpu} on the CPU`;
  return [`A window's log-mel is computed on the ${model.logMelOnDevice ? 'GPU' : 'CPU'}: ${measured}.`];
}

function timeOf(
  { trials }: ChosenModel,
  part: ComputationTrial['part'],
  way: ComputationTrial['way'],
  count: number,
): string | null {
  const found = trials.find((each) => each.part === part && each.way === way && each.count === count);
  return found === undefined ? null : `${(found.seconds * 1000).toFixed(1)} ms`;
}
