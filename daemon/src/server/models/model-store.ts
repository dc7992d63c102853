import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { leastMemoryNeed, memoryNeedHere } from '../../models/computation-here.ts';
import { findDefaultModel } from '../../models/find-default-model.ts';
import { findModel } from '../../models/find-model.ts';
import { currentRevision, isOutdated, readHubCache, readRevisions, repositoryFolder } from '../../models/hub-cache.ts';
import { importModel, removeUnpacked } from '../../models/import-model.ts';
import { embeddedModelsFolder, hubFolderIn, listModels, type ModelFolder } from '../../models/list-models.ts';
import { measuredModel, openMeasuredComputations } from '../../models/measured-computations.ts';
import { readAbilities } from '../../models/model-abilities.ts';
import { modelFiles } from '../../models/model-files.ts';
import { plainFolder } from '../../models/needed-files.ts';
import { type PruneRequest, pruneHubCache } from '../../models/prune-hub-cache.ts';
import { type PullProgress, pullModel } from '../../models/pull-model.ts';
import { type ModelForm, readModelForm } from '../../models/read-model-form.ts';
import type { Machine } from '../../models/recommend-models.ts';
import type { ListedModel, PrunedModel } from '../../protocol/models.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** Most models that a warning names. */
const mostNamed = 5;

export interface PullOrder {
  readonly repository: string;
  /** Default: the pinned commit, or else `main`. */
  readonly revision?: string | undefined;
  readonly folder?: string | undefined;
  /** Where somebody brought the model by hand; nothing is downloaded then. */
  readonly offlinePath?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PullProgress) => void;
}

/** The models on disk. */
export interface ModelStore {
  /** Without a name, the current default model. @throws `MODEL_NOT_FOUND` */
  find(name?: string): Promise<ModelFolder>;
  /** The name of the model that translates where another cannot; null if the settings have none. */
  translator(): string | null;
  list(): Promise<readonly Omit<ListedModel, 'isDefault' | 'isResident' | 'neededBytes' | 'fits'>[]>;
  /** What an engine takes with a model on a machine, by the settings; null if its files do not tell. */
  memoryOf(folder: string, machine: Machine): Promise<Pick<ListedModel, 'neededBytes' | 'fits'>>;
  /** Whether a model of the Hub has yet to be downloaded, or is here at an earlier pin than the catalogue's. */
  pullNeeded(repository: string): Promise<'missing' | 'outdated' | null>;
  /** @throws `MODEL_BUSY`, what `pullModel` and `importModel` throw */
  pull(order: PullOrder): Promise<ModelFolder>;
  /** @throws `MODEL_NOT_FOUND`, `MODEL_BUSY` while it is downloaded, `REQUEST_INVALID` for a model that Hearth did not download */
  delete(name: string): Promise<void>;
  /** Deletes earlier revisions and leftovers of downloads, except what is in use. */
  prune(isInUse: PruneRequest['isInUse']): Promise<readonly PrunedModel[]>;
  /** Names the broken models that the last listing skipped, and those with earlier revisions. */
  warnings(): readonly string[];
}

export interface ModelStoreRequest {
  readonly modelsFolder: string;
  readonly settings: () => Settings;
  /** What the engine has measured of models, where that counts. */
  readonly choicesFile?: string;
  /** The current default model, if it may differ from the one in the settings. */
  readonly findDefault?: () => Promise<ModelFolder>;
}

export function createModelStore({ modelsFolder, settings, ...request }: ModelStoreRequest): ModelStore {
  const choices = request.choicesFile === undefined ? null : openMeasuredComputations(request.choicesFile);
  const hubFolder = hubFolderIn(modelsFolder);
  const pulling = new Set<string>();
  const findNamed = () => findDefaultModel({ name: settings().model, downloadedModelsFolder: modelsFolder });
  const findDefault = request.findDefault ?? findNamed;
  let isPruning = false;
  let state: Pick<Awaited<ReturnType<typeof readHubCache>>, 'broken' | 'superseded'> = { broken: [], superseded: [] };
  void look();
  void removeUnpacked(hubFolder);

  async function look(): Promise<void> {
    state = await readHubCache(hubFolder);
  }

  const find = (name?: string) =>
    name === undefined ? findDefault() : findModel({ name, downloadedModelsFolder: modelsFolder });

  function requireIdle(name: string): void {
    if (isPruning) throw new HearthError('MODEL_BUSY', 'Earlier revisions of models are being deleted.');
    if (!pulling.has(name)) return;
    throw new HearthError('MODEL_BUSY', `${name} is already being downloaded.`);
  }

  return {
    find,
    translator: () => settings().translateModel || null,
    async memoryOf(folder, machine) {
      const found = await readModelForm(folder);
      if (found === null) return { neededBytes: null, fits: null };
      const { preset, arithmetic, draftModel } = settings();
      const guessing = draftModel === '' ? null : await find(draftModel).catch(() => null);
      const draft = guessing && (await readModelForm(guessing.folder));
      const measured = (model: ModelForm) =>
        choices?.findFor(measuredModel(model), machine.memoryBytes)?.computation ?? null;
      const wanted = { machine, preset, arithmetic, draft, measured };
      return {
        neededBytes: memoryNeedHere(found.sizes, found.form, wanted).totalBytes,
        fits: leastMemoryNeed(found.sizes, found.form, wanted).totalBytes <= machine.memoryBytes,
      };
    },
    async list() {
      const models = await listModels(modelsFolder);
      await look();
      return Promise.all(
        models.map(async ({ name, folder }) => ({
          ...{ name, folder, source: sourceOf(folder, hubFolder) },
          byteCount: await sizeOf(folder),
          ...(await abilitiesIn({ name, folder })),
          ...(await revisionOf({ name, folder }, hubFolder)),
        })),
      );
    },
    async pullNeeded(repository) {
      const here = await find(repository).catch(() => null);
      if (here === null) return 'missing';
      return (await revisionOf(here, hubFolder)).isOutdated ? 'outdated' : null;
    },
    async prune(isInUse) {
      isPruning = true;
      try {
        return await pruneHubCache({
          hubFolder,
          isInUse,
          isPulling: (name) => pulling.has(name),
          isWanted: (name) => name === settings().model,
        });
      } finally {
        isPruning = false;
        await look();
      }
    },
    async pull({ repository, offlinePath, folder: inside, ...order }) {
      requireIdle(repository);
      pulling.add(repository);
      try {
        const { hubEndpoint: endpoint, network, proxy, certificates, minFreeDiskBytes } = settings();
        const place = { endpoint, network, proxy, certificates };
        const within = inside === undefined ? undefined : plainFolder(inside);
        const target = { ...order, repository, folder: within, hubFolder, minFreeDiskBytes };
        const folder = await (offlinePath === undefined
          ? pullModel({ ...target, ...place })
          : importModel({ ...target, path: offlinePath }));
        await look();
        return { name: repository, folder };
      } finally {
        pulling.delete(repository);
      }
    },
    async delete(name) {
      requireIdle(name);
      const { folder } = await find(name);
      const source = sourceOf(folder, hubFolder);
      const isOwn = source === 'hub' || (source === 'folder' && dirname(folder) === modelsFolder);
      if (!isOwn || (await isSameFolder(folder, hubFolder))) {
        throw new HearthError('REQUEST_INVALID', `Expected a model of Hearth's own folder, got ${name}.`, {
          hint: 'Only downloaded models can be deleted, not the embedded one or folders elsewhere.',
        });
      }
      // It may have been named by its path.
      const [repository = ''] = relative(hubFolder, folder).split(sep);
      const removed = source === 'hub' ? join(hubFolder, repository) : join(modelsFolder, basename(folder));
      await rm(removed, { recursive: true });
      await look();
    },
    warnings: () => [
      ...state.broken.slice(0, mostNamed).map((name) => `The model ${name} is damaged or incomplete. Pull it again.`),
      ...(state.superseded.length === 0 ? [] : [supersededSentence(state.superseded.slice(0, mostNamed))]),
    ],
  };
}

/** Where the case of letters does not count, one folder has many paths. */
async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)));
  return first != null && second != null && first.dev === second.dev && first.ino === second.ino;
}

function supersededSentence(names: readonly string[]): string {
  return `Earlier revisions of ${names.join(', ')} take up disk space. \`hearth models prune\` deletes them.`;
}

async function abilitiesIn(model: ModelFolder): Promise<Pick<ListedModel, 'languages' | 'translates'>> {
  const abilities = await readAbilities(model);
  return { languages: abilities?.languages ?? null, translates: abilities?.translates ?? null };
}

async function revisionOf(
  { name, folder }: ModelFolder,
  hubFolder: string,
): Promise<Pick<ListedModel, 'revision' | 'isOutdated'>> {
  if (sourceOf(folder, hubFolder) !== 'hub') return { revision: null, isOutdated: false };
  const { revisions } = await readRevisions(repositoryFolder(hubFolder, name));
  const current = currentRevision(name, revisions);
  return { revision: current?.commit ?? null, isOutdated: current !== undefined && isOutdated(name, current) };
}

function sourceOf(folder: string, hubFolder: string): ListedModel['source'] {
  if (folder.startsWith(`${embeddedModelsFolder}/`)) return 'embedded';
  return folder.startsWith(`${hubFolder}/`) ? 'hub' : 'folder';
}

/** Bytes of the files in a folder; links count for what they lead to. */
async function sizeOf(folder: string): Promise<number> {
  const [names, listed] = await Promise.all([readdir(folder), modelFiles(folder)]).catch(() => [[], []]);
  const sizes = await Promise.all([...new Set([...names, ...listed])].map((name) => fileSize(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.size : 0;
}
