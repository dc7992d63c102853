import type { AvailableModel } from '../protocol/models.ts';
import { readCatalogue } from './catalogue.ts';
import { abilitiesOf } from './model-abilities.ts';

/** The models of the catalogue as clients see them. */
export function availableModels(isHere: (name: string) => boolean): readonly AvailableModel[] {
  return readCatalogue().entries.map(({ name, facts, ...copy }) => ({
    name,
    model: copy.model,
    weights: copy.weights,
    revision: copy.revision,
    weightsSha256: copy.weightsSha256,
    downloadBytes: copy.downloadBytes,
    memoryBytes: null,
    languages: abilitiesOf(name, facts.dimensions).languages,
    translates: facts.translates,
    relativeSpeed: facts.speed?.timesLarge ?? null,
    accuracy: facts.accuracy,
    isHere: isHere(name),
  }));
}
