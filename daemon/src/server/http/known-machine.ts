import { totalmem } from 'node:os';
import type { Machine } from '../../models/recommend-models.ts';
import type { LoadedModel } from '../../protocol/residency.ts';

/** What the engine said of this machine with a model; until then what is known without it. */
export function knownMachine(model: LoadedModel | null): Machine {
  // Every Mac that Hearth runs on has a GPU that MLX uses.
  const device = process.platform === 'darwin' ? 'gpu' : 'cpu';
  return { device: model?.device ?? device, memoryBytes: model?.deviceMemoryBytes ?? totalmem() };
}
