import type { LoadModelRequest, ModelComputation, ModelKind, Native, NativeModel } from '@hearth/native';
import { mayBeDense, type WantedComputation } from '../models/computation-here.ts';
import type { MeasuredComputation, MeasuredModel } from '../models/measured-computations.ts';
import type { ModelForm } from '../models/read-model-form.ts';
import type { ComputationTrial } from '../protocol/computation.ts';

/** How models are best computed here, measured once and kept in the home. */
export interface RememberedComputations {
  /** What is known of a model by its form. */
  readonly known: (model: ModelForm) => ModelComputation | null;
  /** For `loadModel`: what is measured there. Nothing on a CPU, where there is nothing to choose. */
  measuredIn(wanted: WantedComputation): Pick<LoadModelRequest, 'measured'>;
  /** Keeps what was measured while a model was loaded, and says what is known of it now. */
  remember(model: Measured): readonly ComputationTrial[];
}

export interface Measured extends ModelKind, Pick<NativeModel, 'computation' | 'trials' | 'mayBeDense'> {}

/** Weights that are not quantised have 16 bits but for a few files. */
const halves = { bits: 16, groupSize: 1 };

/** Of a CPU. */
const noChoice: RememberedComputations = {
  known: () => null,
  measuredIn: () => ({}),
  remember: ({ trials }) => trials,
};

/** The library that checks the file would take as long to load as all the rest of an engine, so a CPU's does without. */
export async function openRememberedComputations(
  native: Pick<Native, 'info'>,
  { choicesFile, memoryBytes }: { readonly choicesFile: string; readonly memoryBytes: () => number },
): Promise<RememberedComputations> {
  if (!native.info().gpuAvailable) return noChoice;
  const { measuredModel, openMeasuredComputations } = await import('../models/measured-computations.ts');
  const store = openMeasuredComputations(choicesFile);
  const find = (model: MeasuredModel, isDenseWanted: boolean): MeasuredComputation | null =>
    store.find({ machine: machine(), model }, isDenseWanted);

  function machine(): MeasuredComputation['machine'] {
    const { gpuName, mlxVersion } = native.info();
    return { name: gpuName, memoryBytes: memoryBytes(), mlxVersion };
  }

  return {
    known: (model) => find(measuredModel(model), false)?.computation ?? null,
    measuredIn(wanted) {
      const measured = (kind: ModelKind) =>
        find(measuredModel(formOf(kind)), mayBeDense(kind.dimensions, wanted))?.computation ?? null;
      return { measured };
    },
    remember({ computation, trials, mayBeDense: triedDense, ...kind }) {
      const model = measuredModel(formOf(kind));
      if (trials.length === 0) return find(model, false)?.trials ?? [];
      store.add({
        ...{ machine: machine(), model, triedDense, computation, trials },
        measuredAt: new Date().toISOString(),
      });
      return trials;
    },
  };
}

/** A model that is read, as its folder tells before. */
export function formOf({ dimensions, quantization }: ModelKind): ModelForm {
  return { sizes: dimensions, form: quantization ?? halves };
}
