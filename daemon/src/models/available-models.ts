import type { AvailableModel } from '../protocol/models.ts';
import { readCatalogue } from './catalogue.ts';
import { memoryNeedHere } from './computation-here.ts';
import type { WeightForm } from './memory-need.ts';
import { abilitiesOf } from './model-abilities.ts';
import type { Machine } from './recommend-models.ts';

/** Copies of the Hub are quantised in groups of 64. */
export const weightForms: Readonly<Record<AvailableModel['weights'], WeightForm>> = {
  '4-bit': { bits: 4, groupSize: 64 },
  '8-bit': { bits: 8, groupSize: 64 },
  float16: { bits: 16, groupSize: 1 },
  float32: { bits: 32, groupSize: 1 },
};
const byDefault = { preset: 'auto', arithmetic: 'exact' } as const;

/** The models of the catalogue as clients see them. */
export function availableModels(isHere: (name: string) => boolean, machine: Machine): readonly AvailableModel[] {
  return readCatalogue().entries.map(({ name, facts, ...copy }) => {
    const need = memoryNeedHere(facts.dimensions, weightForms[copy.weights], { machine, ...byDefault });
    return {
      name,
      model: copy.model,
      weights: copy.weights,
      revision: copy.revision,
      weightsSha256: copy.weightsSha256,
      downloadBytes: copy.downloadBytes,
      idleMemoryBytes: need.idleBytes,
      memoryBytes: need.totalBytes,
      languages: abilitiesOf(name, facts.dimensions).languages,
      translates: facts.translates,
      relativeSpeed: facts.speed?.timesLarge ?? null,
      accuracy: facts.accuracy,
      isHere: isHere(name),
    };
  });
}
