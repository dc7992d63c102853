import type { ModelComputation } from '../protocol/computation.ts';
import type { DecodingPreset } from '../protocol/engine-messages.ts';
import type { Arithmetic } from '../protocol/residency.ts';
import { batchSizeOf } from './batch-size.ts';
import {
  type Computation,
  type DraftComputation,
  denseBytes,
  hasSmallerDecoder,
  type MemoryNeed,
  type ModelSizes,
  memoryNeed,
  type WeightForm,
} from './memory-need.ts';
import type { ModelForm } from './read-model-form.ts';
import type { Machine } from './recommend-models.ts';

const gibibyte = 2 ** 30;
/** Of a GPU's memory an encoder that is dense too may take so much, and windows that wait for the decoder. */
const shareOfGpu = 1 / 4;
const shareOfCpu = 1 / 8;
const mostWindowBytes = { gpu: 3 * gibibyte, cpu: 1.5 * gibibyte };

export interface WantedComputation {
  readonly machine: Machine;
  readonly preset: DecodingPreset;
  readonly arithmetic: Arithmetic;
  /** The model of the setting `draftModel`. */
  readonly draft?: Pick<DraftComputation, 'sizes' | 'form'> | null;
  /** What was measured of models like this; null where nothing was yet. */
  readonly measured?: (model: ModelForm) => ModelComputation | null;
}

/** What a GPU computes by until it was measured; the same numbers are in native/src/whisper/computation.h. */
const unmeasured = { denseEncoder: true, rowsReadQuantized: 8, encoderBatch: 4 } as const;
const onCpu = { denseEncoder: true, rowsReadQuantized: null, encoderBatch: 1 } as const;

/** Whether there is room for dense copies of quantised layers, which a CPU always has. */
export function mayBeDense(
  sizes: ModelSizes,
  { machine, preset }: Pick<WantedComputation, 'machine' | 'preset'>,
): boolean {
  if (machine.device === 'cpu') return true;
  return preset !== 'lowMemory' && denseBytes(sizes) < machine.memoryBytes * shareOfGpu;
}

function computationOf(model: ModelForm, wanted: WantedComputation) {
  if (wanted.machine.device === 'cpu') return onCpu;
  const { denseEncoder, rowsReadQuantized, encoderBatch } = wanted.measured?.(model) ?? unmeasured;
  const passes = wanted.preset === 'lowMemory' ? 1 : encoderBatch;
  if (mayBeDense(model.sizes, wanted)) return { denseEncoder, rowsReadQuantized, encoderBatch: passes };
  return { denseEncoder: false, rowsReadQuantized: null, encoderBatch: passes };
}

/** What an engine will take with a model that is not loaded yet. */
export function memoryNeedHere(sizes: ModelSizes, form: WeightForm, wanted: WantedComputation): MemoryNeed {
  const { machine, preset, arithmetic } = wanted;
  const { device, memoryBytes } = machine;
  const draft = draftOf(sizes, form, wanted);
  const alone: Computation = { device, arithmetic, ...computationOf({ sizes, form }, wanted), batchSize: 1, draft };
  const share = device === 'gpu' ? shareOfGpu : shareOfCpu;
  const { windowBytes } = memoryNeed(sizes, form, alone);
  const windowCapacity = Math.max(1, Math.floor(Math.min(mostWindowBytes[device], memoryBytes * share) / windowBytes));
  return memoryNeed(sizes, form, { ...alone, batchSize: batchSizeOf(preset, { device, windowCapacity }) });
}

/** The draft model as it works beside a model; null where it would guess nothing. */
function draftOf(sizes: ModelSizes, form: WeightForm, wanted: WantedComputation): DraftComputation | null {
  const { draft } = wanted;
  if (draft == null || !hasSmallerDecoder(draft, { sizes, form })) return null;
  return { ...draft, ...computationOf(draft, wanted) };
}

/** What it takes at least: as the preset `lowMemory` has it. */
export function leastMemoryNeed(sizes: ModelSizes, form: WeightForm, wanted: WantedComputation): MemoryNeed {
  return memoryNeedHere(sizes, form, { ...wanted, preset: 'lowMemory' });
}
