import { HearthError } from '../errors/hearth-error.ts';
import { availableModels } from '../models/available-models.ts';
import { leastMemoryNeed, type WantedComputation } from '../models/computation-here.ts';
import { modelNameOf } from '../models/hub-cache.ts';
import { readModelForm } from '../models/read-model-form.ts';
import type { AvailableModel } from '../protocol/models.ts';

/**
 * Refuses a model that this machine has too little memory for in every way of computing it. What its files do not tell
 * is for whoever reads them to refuse.
 * @throws `MODEL_TOO_LARGE`, with the largest model of the catalogue that fits
 */
export async function requireMemory(folder: string, wanted: WantedComputation): Promise<void> {
  const found = await readModelForm(folder);
  if (found === null) return;
  const { device, memoryBytes } = wanted.machine;
  const { totalBytes } = leastMemoryNeed(found.sizes, found.form, wanted);
  if (totalBytes <= memoryBytes) return;
  const here = device === 'gpu' ? 'this GPU' : 'this machine';
  throw new HearthError(
    'MODEL_TOO_LARGE',
    `Expected a model for the ${gigabytes(memoryBytes)} of memory that ${here} has, got ${modelNameOf(folder)}, which needs ${gigabytes(totalBytes)}.`,
    {
      hint: hintFor(
        availableModels(() => false, wanted.machine),
        memoryBytes,
      ),
    },
  );
}

function hintFor(available: readonly AvailableModel[], memoryBytes: number): string {
  const largest = available.findLast((model) => (model.memoryBytes ?? Number.POSITIVE_INFINITY) <= memoryBytes);
  if (largest === undefined) return 'No model that Hearth knows fits.';
  return `${largest.name} needs ${gigabytes(largest.memoryBytes ?? 0)}. \`hearth models list --available\` shows what others need.`;
}

function gigabytes(byteCount: number): string {
  return `${(byteCount / 1e9).toFixed(1)} GB`;
}
