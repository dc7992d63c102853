import type { AvailableModel, ModelRecommendation } from '../protocol/models.ts';
import { readCatalogue } from './catalogue.ts';

export interface Machine {
  readonly device: 'cpu' | 'gpu';
  readonly memoryBytes: number;
}

/** A model whose weights are more of the memory leaves too little for other programs. */
const largestShareOfMemory = 1 / 4;

const purposes = ['everyday', 'accuracy', 'translation', 'english'] as const;

/** The best models for a machine, one for each purpose, and why. */
export function recommendModels(
  available: readonly AvailableModel[],
  machine: Machine,
): readonly ModelRecommendation[] {
  const byName = new Map(available.map((model) => [model.name, model]));
  return purposes.flatMap((purpose) => {
    const wanted = readCatalogue().recommended[machine.device][purpose];
    const models = wanted.flatMap((name) => byName.get(name) ?? []);
    const best = models.find((model) => fits(model, machine)) ?? models.at(-1);
    return best === undefined ? [] : [{ purpose, name: best.name, reason: reasonFor(purpose, best, machine) }];
  });
}

/** The rest of what a model needs follows from how many windows are in work, which the memory limits. */
function fits({ downloadBytes }: AvailableModel, machine: Machine): boolean {
  return (downloadBytes ?? Number.POSITIVE_INFINITY) <= machine.memoryBytes * largestShareOfMemory;
}

function reasonFor(purpose: (typeof purposes)[number], model: AvailableModel, { device }: Machine): string {
  const reasons = {
    everyday: device === 'gpu' ? 'Fast and accurate on a GPU' : 'Faster than speech on a CPU, and here from the start',
    accuracy: `The fewest errors on a ${device.toUpperCase()} with this much memory`,
    translation: 'Writes other languages in English',
    english: 'English alone, fast for its accuracy',
  };
  const { accuracy, relativeSpeed } = model;
  const figures = [
    accuracy === null ? null : `${accuracy.wordErrorRate} % word errors`,
    relativeSpeed === null ? null : `${comparison(relativeSpeed)} Whisper's large model`,
  ].filter((figure) => figure !== null);
  return `${reasons[purpose]}${figures.length === 0 ? '' : ` (${figures.join(', ')})`}.`;
}

function comparison(relativeSpeed: number): string {
  return relativeSpeed === 1 ? 'as fast as' : `${relativeSpeed} times the speed of`;
}
