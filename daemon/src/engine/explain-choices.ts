import type { DecodingPreset } from '../protocol/engine-messages.ts';
import type { LoadedModel } from '../protocol/residency.ts';

export interface ChosenModel
  extends Pick<LoadedModel, 'device' | 'arithmetic' | 'denseEncoder' | 'batchSize' | 'encoderBatch'> {
  /** In its file; null where they are floats. */
  readonly encoderBits: number | null;
}

/** Why a model is computed as it is, in sentences. */
export function explainChoices(model: ChosenModel, preset: DecodingPreset): readonly string[] {
  return [encoderSentence(model, preset), batchSentence(model, preset), passSentence(model)];
}

function encoderSentence({ device, arithmetic, denseEncoder, encoderBits }: ChosenModel, preset: DecodingPreset) {
  if (arithmetic === 'int8') return 'The encoder has 8 bits, as the setting arithmetic asks for.';
  if (device === 'cpu') return 'The encoder has 32 bits: a CPU computes exactly so.';
  if (encoderBits === null) return 'The encoder is as it is in the file.';
  if (denseEncoder) return 'The encoder has 16 bits: the memory allows it, and a GPU multiplies many rows faster so.';
  const reason = preset === 'lowMemory' ? 'as the setting preset asks for' : '16 would take too much of the memory';
  return `The encoder has the ${encoderBits} bits of its file: ${reason}.`;
}

function batchSentence({ device, batchSize }: ChosenModel, preset: DecodingPreset) {
  const windows = batchSize === 1 ? 'One window is' : `${batchSize} windows are`;
  if (preset !== 'auto') return `${windows} decoded together, as the setting preset asks for and the memory allows.`;
  return `${windows} decoded together: ${device === 'cpu' ? 'one keeps a CPU busy' : 'as many as pay and fit'}.`;
}

function passSentence({ device, encoderBatch }: ChosenModel) {
  if (encoderBatch === 1) return 'One window is encoded in a pass.';
  return `Up to ${encoderBatch} windows are encoded in a pass: more are hardly faster on a ${device.toUpperCase()}, and take more memory.`;
}
