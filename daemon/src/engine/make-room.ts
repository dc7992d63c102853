import { processBytes } from '../models/memory-need.ts';

/** What a model takes, apart from the engine's process. */
export interface ModelBytes {
  /** As long as it is in memory. */
  readonly heldBytes: number;
  /** More of it while it works. Models take turns, so that the largest counts. */
  readonly workBytes: number;
}

/** What uses a model: a live session and a bulk job have it for long. */
export type ModelHold = 'short' | 'long';

export interface RoomOfModel extends ModelBytes {
  readonly id: number;
  /** What has it now; null while it is idle. */
  readonly hold: ModelHold | null;
  /** Whether it stays although it is idle. */
  readonly isKept: boolean;
}

export interface MemoryLimits {
  /** Idle models go until no more than this is taken. */
  readonly budgetBytes: number;
  /** What models in use at the same time may take. */
  readonly mostBytes: number;
}

export interface RoomRequest extends MemoryLimits {
  /** Models in memory, the one used longest ago first. */
  readonly resident: readonly RoomOfModel[];
  readonly wanted: ModelBytes;
  /** The holds whose end the wanted model can wait for. */
  readonly waitsFor: readonly ModelHold[];
}

/** What has to happen before a model can be loaded. */
export type Room =
  | { readonly type: 'close'; readonly ids: readonly number[] }
  /** Until a model in use is released. */
  | { readonly type: 'wait' }
  | { readonly type: 'refuse'; readonly takenBytes: number };

/** Idle models go, the one used longest ago first, until another fits. Those in use and those that are kept stay. */
export function makeRoom({ resident, wanted, waitsFor, budgetBytes, mostBytes }: RoomRequest): Room {
  const { closed, left } = closeIdle([...resident, { ...wanted, id: -1, hold: 'short', isKept: false }], budgetBytes);
  // What needs more than there is even alone was refused before.
  if (left.length === 1 || takenBytes(left) <= mostBytes) return { type: 'close', ids: closed };
  const lasting = left.filter(
    ({ id, hold, isKept }) => id === -1 || isKept || hold === null || !waitsFor.includes(hold),
  );
  if (lasting.length < left.length && (lasting.length === 1 || takenBytes(lasting) <= mostBytes))
    return { type: 'wait' };
  return { type: 'refuse', takenBytes: takenBytes(left.filter(({ id }) => id !== -1)) };
}

/** The idle models beyond the budget. The last one stays, however large it is. */
export function modelsBeyond(resident: readonly RoomOfModel[], { budgetBytes }: MemoryLimits): readonly number[] {
  return closeIdle(resident, budgetBytes).closed;
}

function closeIdle(models: readonly RoomOfModel[], budgetBytes: number) {
  const closed: number[] = [];
  let left = models;
  for (const { id, hold, isKept } of models) {
    if (left.length === 1 || takenBytes(left) <= budgetBytes) break;
    if (hold !== null || isKept) continue;
    closed.push(id);
    left = left.filter((model) => model.id !== id);
  }
  return { closed, left };
}

function takenBytes(models: readonly ModelBytes[]): number {
  const heldBytes = models.reduce((sum, model) => sum + model.heldBytes, 0);
  return processBytes + heldBytes + Math.max(0, ...models.map(({ workBytes }) => workBytes));
}
