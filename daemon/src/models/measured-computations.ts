import { isDeepStrictEqual } from 'node:util';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { ComputationSchema, TrialSchema } from '../protocol/computation.ts';
import { listOf, orNull, type Shape } from '../protocol/schema-parts.ts';
import { readGivenFileNow } from '../settings/read-given-file.ts';
import { replaceFile } from '../settings/replace-file.ts';
import type { ModelForm } from './read-model-form.ts';

/** Another format, or another way to measure, makes what was measured before worthless. */
const version = 1;
/** Of models and machines that a home has seen; the oldest go. */
const mostKept = 50;
const mostBytes = 4 * 1024 * 1024;

const SizesSchema = Type.Object({
  melBins: Type.Integer(),
  audioContext: Type.Integer(),
  audioState: Type.Integer(),
  audioLayers: Type.Integer(),
  vocabularySize: Type.Integer(),
  textContext: Type.Integer(),
  textLayers: Type.Integer(),
});
const QuantizationSchema = Type.Object({
  bits: Type.Integer(),
  groupSize: Type.Integer(),
  encoderBits: Type.Integer(),
});

/** What a computation depends on: models of the same sizes and bits are computed alike. */
const MeasuredModelSchema = Type.Object({ sizes: SizesSchema, quantization: orNull(QuantizationSchema) });

const MeasuredSchema = Type.Object({
  machine: Type.Object({ name: Type.String(), memoryBytes: Type.Integer(), mlxVersion: Type.String() }),
  model: MeasuredModelSchema,
  /** Whether there was room for dense layers, so that they were timed. */
  triedDense: Type.Boolean(),
  measuredAt: Type.String(),
  computation: ComputationSchema,
  trials: listOf(TrialSchema),
});

const FileSchema = Type.Object({ version: Type.Literal(version), measured: listOf(MeasuredSchema) });

/** How models of a kind are best computed on a machine, and what was timed to find out. */
export interface MeasuredComputation extends Shape<typeof MeasuredSchema> {}

export interface MeasuredModel extends Shape<typeof MeasuredModelSchema> {}

type MeasuredKind = Pick<MeasuredComputation, 'machine' | 'model'>;

export interface MeasuredComputations {
  /** What was measured of models of this kind; null where something that counts now was not. */
  find(kind: MeasuredKind, mayBeDense: boolean): MeasuredComputation | null;
  /** The same for who knows of the device only how much memory it has. */
  findFor(model: MeasuredModel, memoryBytes: number): MeasuredComputation | null;
  /** Nothing is lost when it cannot be written: it is measured again. */
  add(measured: MeasuredComputation): void;
}

/** A file of a home that belongs to the engine. What is not of this version, or is damaged, is measured again. */
export function openMeasuredComputations(file: string): MeasuredComputations {
  const isOf = (kind: MeasuredKind) => (each: MeasuredComputation) =>
    isDeepStrictEqual(each.machine, kind.machine) && isDeepStrictEqual(each.model, kind.model);
  return {
    find(kind, mayBeDense) {
      const found = readMeasured(file).find(isOf(kind));
      return found !== undefined && (found.triedDense || !mayBeDense) ? found : null;
    },
    findFor: (model, memoryBytes) =>
      readMeasured(file).find(
        (each) => each.machine.memoryBytes === memoryBytes && isDeepStrictEqual(each.model, model),
      ) ?? null,
    add(measured) {
      const isSame = isOf(measured);
      const others = readMeasured(file).filter((each) => !isSame(each));
      try {
        const content = { version, measured: [measured, ...others].slice(0, mostKept) };
        replaceFile(file, `${JSON.stringify(content, null, 2)}\n`);
      } catch {}
    },
  };
}

export function measuredModel({ sizes, form }: ModelForm): MeasuredModel {
  const { melBins, audioContext, audioState, audioLayers, vocabularySize, textContext, textLayers } = sizes;
  const { bits, groupSize, encoderBits = bits } = form;
  return {
    sizes: { melBins, audioContext, audioState, audioLayers, vocabularySize, textContext, textLayers },
    quantization: bits < 16 ? { bits, groupSize, encoderBits } : null,
  };
}

function readMeasured(file: string): readonly MeasuredComputation[] {
  try {
    const content: unknown = JSON.parse(readGivenFileNow(file, mostBytes).toString());
    return Value.Check(FileSchema, content) ? content.measured : [];
  } catch {
    return [];
  }
}
