import type { Arithmetic } from '../../messages/arithmetic.ts';
import type { LoadedModel } from '../../messages/engine-messages.ts';

/** What to tell people whose setting `arithmetic` has no effect on this machine. */
export function arithmeticWarnings(wanted: Arithmetic, model: LoadedModel | null): readonly string[] {
  if (wanted === 'exact' || model?.arithmetic !== 'exact') return [];
  const hardware = model.device === 'gpu' ? 'a GPU' : 'a CPU that does so no faster';
  return [
    `Expected a CPU that multiplies 8 bits fast for the setting arithmetic, got ${hardware}: it computes exactly.`,
  ];
}
