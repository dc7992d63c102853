import type { Native } from '@hearth/native';
import { memoryNeedHere, type WantedComputation } from '../models/computation-here.ts';
import { processBytes } from '../models/memory-need.ts';
import { readModelForm } from '../models/read-model-form.ts';
import type { DecodingPreset, EngineEvent, ModelClosing, Retention } from '../protocol/engine-messages.ts';
import type { Arithmetic } from '../protocol/residency.ts';
import { engineMemory } from './engine-memory.ts';
import { loadResidentModel, type WarmModel } from './load-resident-model.ts';
import { machineOf } from './machine-of.ts';
import {
  type MemoryLimits,
  type ModelBytes,
  type ModelHold,
  makeRoom,
  modelsBeyond,
  type RoomOfModel,
} from './make-room.ts';
import { modelIdentity } from './model-identity.ts';
import { openRememberedComputations, type RememberedComputations } from './remembered-computations.ts';
import { memoryInUse, requireMemory } from './require-memory.ts';

/** A resident model that stays until it is released. */
export interface ModelLease extends WarmModel {
  release(): void;
}

/** Who uses a model. Only a bulk job waits for others that have theirs for long; a load uses it for a moment. */
export type ModelUser = 'interactive' | 'bulk' | 'live' | 'load';

export interface ModelResidency {
  /**
   * The model of a folder, loaded and warm. Idle ones go for it where the memory is too small for all, the one used
   * longest ago first; they come back when it cannot be loaded.
   * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `MODEL_TOO_LARGE`, `DRAFT_MODEL_MISMATCH`, `MEMORY_IN_USE`
   */
  use(folder: string, user: ModelUser, signal?: AbortSignal): Promise<ModelLease>;
  retain(retention: Retention): void;
  /** Closes a model, or all that are not kept. Says whether none of them is left. */
  unload(folder: string | null): boolean;
}

export interface ModelResidencyRequest extends Retention {
  readonly native: Native;
  readonly preset: DecodingPreset;
  /** Guesses for models that are larger. */
  readonly draftFolder: string | null;
  readonly arithmetic: Arithmetic;
  /** What was measured of models on this machine. */
  readonly choicesFile: string;
  readonly send: (event: EngineEvent) => void;
}

interface Entry extends WarmModel {
  readonly id: number;
  readonly folder: string;
  /** Of the files that were loaded. */
  readonly identity: string | null;
  readonly users: ModelUser[];
  lastUsedAtMs: number;
  /** By a clock that nobody sets. */
  idleSinceMs: number;
  /** Other files are in its folder now: nobody uses it any more. */
  isReplaced: boolean;
  expiry: NodeJS.Timeout | undefined;
}

/** Keeps models in memory as far as its budget goes. */
export function createModelResidency(request: ModelResidencyRequest): ModelResidency {
  const { native, preset, draftFolder, arithmetic, choicesFile, send } = request;
  const memoryBytes = () => machineOf(native).memoryBytes;
  let opened: Promise<RememberedComputations> | undefined;
  /** The one used longest ago first. */
  let entries: readonly Entry[] = [];
  let retention: Retention = request;
  let lastId = 0;
  let lastChange: Promise<unknown> = Promise.resolve();
  let released = Promise.withResolvers<void>();

  async function use(folder: string, user: ModelUser, signal?: AbortSignal): Promise<ModelLease> {
    for (;;) {
      signal?.throwIfAborted();
      const resident = await findUnchanged(folder);
      if (resident !== null) return lend(resident, user);
      const loaded = await inTurn(() => loadWhereItFits(folder, user));
      // Released meanwhile, it may be gone again.
      if ('entry' in loaded) return loaded;
      await untilReleased(loaded.released, signal);
    }
  }

  /** Without a turn: it does not wait for another model that is being loaded. */
  async function findUnchanged(folder: string): Promise<Entry | null> {
    const identity = await modelIdentity(folder);
    const entry = entries.find((each) => each.folder === folder && !each.isReplaced);
    // One whose files are gone is as good as it was.
    return entry !== undefined && (identity === null || identity === entry.identity) ? entry : null;
  }

  function lend(entry: Entry, user: ModelUser): ModelLease & { readonly entry: Entry } {
    const { description, model, vocabulary } = entry;
    entry.users.push(user);
    clearTimeout(entry.expiry);
    touch(entry);
    tell();
    return { entry, description, model, vocabulary, release: () => release(entry, user) };
  }

  function release(entry: Entry, user: ModelUser): void {
    entry.users.splice(entry.users.indexOf(user), 1);
    touch(entry);
    closeReplaced();
    settle();
  }

  /** Makes it the one used last. */
  function touch(entry: Entry): void {
    entry.lastUsedAtMs = Date.now();
    entry.idleSinceMs = performance.now();
    if (entries.includes(entry)) entries = [...entries.filter((each) => each !== entry), entry];
  }

  /** Lets go of what may not stay, and of those that wait for memory. */
  function settle(): void {
    close(modelsBeyond(roomOf(entries), limits()), 'memory');
    expireIdle();
    tell();
    released.resolve();
    released = Promise.withResolvers();
  }

  async function loadWhereItFits(folder: string, user: ModelUser) {
    const known = await findUnchanged(folder);
    if (known !== null) return lend(known, user);
    const wanted = await wantedComputation();
    await requireMemory(folder, wanted, retention.memoryBudgetBytes);
    const bytes = await bytesBefore(folder, wanted);
    const room = makeRoom({ ...limits(), resident: roomOf(entries), wanted: bytes, waitsFor: waitsFor(user) });
    if (room.type === 'wait') return { released: released.promise };
    if (room.type === 'refuse') throw memoryInUse(folder, { ...limits(), ...room, bytes, holders: holders() });
    const closed = close(room.ids, 'memory');
    tell();
    try {
      return lend(await load(folder, wanted), user);
    } catch (error) {
      // An engine whose first model fails says so itself, and ends.
      if (lastId > 0) send({ type: 'model-not-loaded', modelFolder: folder });
      const last = closed.at(-1);
      // Most jobs go on to use the model that made way.
      if (last !== undefined)
        void use(last.folder, 'load').then(
          (lease) => lease.release(),
          () => undefined,
        );
      throw error;
    }
  }

  async function load(folder: string, wanted: WantedComputation): Promise<Entry> {
    const onProgress = (progress: number) => send({ type: 'model-loading', modelFolder: folder, progress });
    onProgress(0);
    const identity = await modelIdentity(folder);
    const computations = await rememberedComputations();
    const warm = await loadResidentModel({ native, folder, draftFolder, wanted, computations, onProgress });
    for (const entry of entries) if (entry.folder === folder) entry.isReplaced = true;
    closeReplaced();
    const times = { lastUsedAtMs: Date.now(), idleSinceMs: performance.now(), expiry: undefined };
    const entry: Entry = { ...warm, ...times, id: ++lastId, folder, identity, users: [], isReplaced: false };
    entries = [...entries, entry];
    expireIdle();
    tell();
    send({ type: 'model-ready', model: warm.description });
    return entry;
  }

  function close(ids: readonly number[], reason: ModelClosing): readonly Entry[] {
    const closed = entries.filter(({ id }) => ids.includes(id));
    entries = entries.filter(({ id }) => !ids.includes(id));
    for (const { model, description, expiry } of closed) {
      clearTimeout(expiry);
      model.close();
      send({ type: 'model-closed', model: description, reason });
    }
    if (closed.length > 0) void native.clearCache().catch(() => undefined);
    return closed;
  }

  function closeReplaced(): void {
    const replaced = entries.filter(({ users, isReplaced }) => isReplaced && users.length === 0);
    close(
      replaced.map(({ id }) => id),
      'replaced',
    );
  }

  /** The last one goes with the engine, which the server process ends. */
  function expireIdle(): void {
    const { keepAliveMs } = retention;
    for (const entry of entries) {
      clearTimeout(entry.expiry);
      if (keepAliveMs === null || entry.users.length > 0 || isKept(entry)) continue;
      const expire = () => {
        if (entries.length > 1 && entry.users.length === 0) close([entry.id], 'expired');
        tell();
      };
      entry.expiry = setTimeout(expire, Math.max(0, entry.idleSinceMs + keepAliveMs - performance.now()));
      entry.expiry.unref();
    }
  }

  function isKept({ folder, isReplaced }: Entry): boolean {
    return retention.keptFolders.includes(folder) && !isReplaced;
  }

  function roomOf(models: readonly Entry[]): readonly RoomOfModel[] {
    return models.map((entry) => ({
      id: entry.id,
      ...bytesOf(entry),
      hold: holdOf(entry.users),
      isKept: isKept(entry),
    }));
  }

  function limits(): MemoryLimits {
    const { memoryBytes } = machineOf(native);
    const { memoryBudgetBytes } = retention;
    if (memoryBudgetBytes === null) return { budgetBytes: memoryBytes / 2, mostBytes: memoryBytes };
    return { budgetBytes: memoryBudgetBytes, mostBytes: memoryBudgetBytes };
  }

  function holders(): readonly string[] {
    const staying = entries.filter((entry) => entry.users.length > 0 || isKept(entry));
    return staying.map(({ description }) => description.name);
  }

  async function wantedComputation(): Promise<WantedComputation> {
    const draft = draftFolder === null ? null : await readModelForm(draftFolder);
    const { known } = await rememberedComputations();
    return { machine: machineOf(native), preset, arithmetic, draft, measured: known };
  }

  function rememberedComputations(): Promise<RememberedComputations> {
    opened ??= openRememberedComputations(native, { choicesFile, memoryBytes });
    return opened;
  }

  function tell(): void {
    const models = entries.toReversed().map((entry) => ({
      ...entry.description,
      lastUsedAt: new Date(entry.lastUsedAtMs).toISOString(),
      isInUse: entry.users.length > 0,
      isKept: isKept(entry),
    }));
    const memoryBudgetBytes = Math.round(limits().budgetBytes);
    send({ type: 'models-in-memory', models, memoryBudgetBytes, memory: engineMemory(native) });
  }

  /** One change at a time, so that two never load at once. */
  function inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = lastChange.then(change);
    lastChange = result.catch(() => undefined);
    return result;
  }

  return {
    use,
    retain(next) {
      retention = next;
      settle();
    },
    unload(folder) {
      const chosen = entries.filter((entry) => (folder === null ? !isKept(entry) : entry.folder === folder));
      const idle = chosen.filter(({ users }) => users.length === 0);
      close(
        idle.map(({ id }) => id),
        'asked',
      );
      settle();
      return idle.length === chosen.length;
    },
  };
}

async function bytesBefore(folder: string, wanted: WantedComputation): Promise<ModelBytes> {
  const found = await readModelForm(folder);
  // What its files do not tell is for whoever loads it to refuse.
  if (found === null) return { heldBytes: 0, workBytes: 0 };
  const { weightBytes, totalBytes } = memoryNeedHere(found.sizes, found.form, wanted);
  return { heldBytes: weightBytes, workBytes: totalBytes - processBytes - weightBytes };
}

function bytesOf({ description: { heldBytes, neededBytes } }: WarmModel): ModelBytes {
  return { heldBytes, workBytes: neededBytes - processBytes - heldBytes };
}

function holdOf(users: readonly ModelUser[]): ModelHold | null {
  if (users.length === 0) return null;
  return users.some((user) => user === 'bulk' || user === 'live') ? 'long' : 'short';
}

/** An interactive job cannot wait for a bulk job, which lets it pass. */
function waitsFor(user: ModelUser): readonly ModelHold[] {
  return user === 'bulk' ? ['short', 'long'] : ['short'];
}

/** Or until nobody waits any more. */
async function untilReleased(released: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return released;
  if (signal.aborted) return;
  const aborted = Promise.withResolvers<void>();
  const abort = () => aborted.resolve();
  signal.addEventListener('abort', abort);
  await Promise.race([released, aborted.promise]);
  signal.removeEventListener('abort', abort);
}
