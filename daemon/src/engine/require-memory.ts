import { HearthError } from '../errors/hearth-error.ts';
import { sizeText } from '../errors/size-text.ts';
import { availableModels } from '../models/available-models.ts';
import { leastMemoryNeed, memoryNeedHere, type WantedComputation } from '../models/computation-here.ts';
import { modelNameOf } from '../models/hub-cache.ts';
import { readModelForm } from '../models/read-model-form.ts';
import type { AvailableModel } from '../protocol/models.ts';
import type { MemoryLimits, ModelBytes } from './make-room.ts';

/**
 * Refuses a model that this machine has too little memory for in every way of computing it, or that needs more than a
 * budget of the settings. What its files do not tell is for whoever reads them to refuse.
 * @throws `MODEL_TOO_LARGE`, with the largest model of the catalogue that fits
 */
export async function requireMemory(
  folder: string,
  wanted: WantedComputation,
  budgetBytes: number | null,
): Promise<void> {
  const found = await readModelForm(folder);
  if (found === null) return;
  const neededBytes = memoryNeedHere(found.sizes, found.form, wanted).totalBytes;
  if (budgetBytes !== null && neededBytes > budgetBytes) {
    throw new HearthError(
      'MODEL_TOO_LARGE',
      `Expected a model for the ${sizeText(budgetBytes)} that the setting memoryBudgetBytes allows, got ${modelNameOf(folder)}, which needs ${sizeText(neededBytes)}.`,
      { hint: 'Raise it, set `preset` to `lowMemory`, or choose a smaller model.' },
    );
  }
  const { device, memoryBytes } = wanted.machine;
  const { totalBytes } = leastMemoryNeed(found.sizes, found.form, wanted);
  if (totalBytes <= memoryBytes) return;
  const here = device === 'gpu' ? 'this GPU' : 'this machine';
  throw new HearthError(
    'MODEL_TOO_LARGE',
    `Expected a model for the ${sizeText(memoryBytes)} of memory that ${here} has, got ${modelNameOf(folder)}, which needs ${sizeText(totalBytes)}.`,
    {
      hint: hintFor(
        availableModels(() => false, wanted.machine),
        memoryBytes,
      ),
    },
  );
}

interface MemoryInUse extends MemoryLimits {
  readonly bytes: ModelBytes;
  readonly takenBytes: number;
  /** Names of the models that stay. */
  readonly holders: readonly string[];
}

/** Why a model cannot be loaded now, although it fits alone. */
export function memoryInUse(folder: string, { bytes, takenBytes, mostBytes, holders }: MemoryInUse): HearthError {
  const stay = holders.length === 1 ? 'stays' : 'stay';
  return new HearthError(
    'MEMORY_IN_USE',
    `Expected memory for ${modelNameOf(folder)}, which holds ${sizeText(bytes.heldBytes)}, got too little: ${holders.join(' and ')} ${stay} and may take ${sizeText(takenBytes)} of ${sizeText(mostBytes)}.`,
  );
}

function hintFor(available: readonly AvailableModel[], memoryBytes: number): string {
  const largest = available.findLast((model) => model.memoryBytes <= memoryBytes);
  if (largest === undefined) return 'No model that Hearth knows fits.';
  return `${largest.name} needs ${sizeText(largest.memoryBytes)}. \`hearth models list --available\` shows what others need.`;
}
