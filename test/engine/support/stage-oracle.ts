import { readFileSync } from 'node:fs';
import { readFloatTensors } from './safetensors-file.ts';

interface StageOracle {
  readonly melFrameStride: number;
  readonly featurePositionStride: number;
  readonly logitStride: number;
  readonly mel: readonly {
    readonly melBins: number;
    readonly file: string;
    readonly startFrame: number;
    readonly frameCount: number;
    readonly tensor: string;
  }[];
  readonly logits: readonly {
    readonly file: string;
    readonly frameCount: number;
    readonly tokens: readonly number[];
  }[];
  readonly languages: readonly { readonly file: string; readonly frameCount: number; readonly tensor: string }[];
  readonly languageTokens: readonly number[];
}

const folder = new URL('../../fixtures/oracle/', import.meta.url);

/** What each stage of openai/whisper computes, sampled by strides; see test/fixtures/oracle/make-oracle.py. */
export const stageOracle = JSON.parse(readFileSync(new URL('whisper-base-4bit.json', folder), 'utf8')) as StageOracle;

const tensors = readFloatTensors(new URL('whisper-base-4bit.safetensors', folder));

export function oracleTensor(name: string): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`Expected an oracle tensor ${name}, found none.`);
  return tensor;
}

/** Every `stride`-th column of each row of `values` `[…, columns]`. */
export function everyColumn(values: Float32Array, columns: number, stride: number): Float32Array {
  return values.filter((_, i) => (i % columns) % stride === 0);
}
