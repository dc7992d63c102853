import { shardIndexNames, shardNamesOf } from '@hearth/native/shard-index';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';

/** The weights that a model folder may have, in the order in which the engine looks for them. */
const weightsFiles = ['model.safetensors', 'weights.safetensors', 'weights.npz'];
/** Files of a model in several that no index lists. */
const shard = /^(model|weights)[.-]\d+(-of-(?<count>\d+))?\.safetensors$/;

const others = ['generation_config.json', 'multilingual.tiktoken', 'gpt2.tiktoken'];

/** A model in a repository: its folder, empty for the top, and the paths of what the engine reads. */
export interface ModelInRepository {
  readonly folder: string;
  readonly paths: readonly string[];
  /** That of them which lists the files of weights; null if the model has none. */
  readonly index: string | null;
}

export interface AllFilesRequest {
  readonly model: ModelInRepository;
  /** For the message, at the beginning of a sentence. */
  readonly place: string;
  readonly isThere: (path: string) => Promise<boolean>;
  readonly readIndex: (path: string) => Promise<string>;
}

/** The models in a repository. Other formats of the same weights, and what only other programs read, are left out. */
export function findModels(paths: readonly string[]): readonly ModelInRepository[] {
  const folders = Map.groupBy(paths, folderOf);
  return [...folders.keys()].sort().flatMap((folder) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const inside = (folders.get(folder) ?? []).map((path) => path.slice(prefix.length));
    const needed = chooseFiles(inside);
    const index = needed.find((name) => shardIndexNames.includes(name));
    const model = {
      folder,
      paths: needed.map((name) => prefix + name),
      index: index === undefined ? null : prefix + index,
    };
    return needed.length === 0 ? [] : [model];
  });
}

/**
 * The paths of a model with all of its weights, also those that its index names otherwise or in folders below.
 * @throws `MODEL_INVALID` for an index that is none, or where some files of weights are missing
 */
export async function allFilesOf({ model, place, isThere, readIndex }: AllFilesRequest): Promise<readonly string[]> {
  if (model.index === null) {
    requireNumbered(model, place);
    return model.paths;
  }
  const names = shardNamesOf(await readIndex(model.index));
  if (names === null) {
    throw new HearthError(
      'MODEL_INVALID',
      `${place} has a list of weights (${visibleText(model.index)}) that does not name .safetensors files beside it or in folders below.`,
    );
  }
  const shards = names.map((name) => (model.folder === '' ? name : `${model.folder}/${name}`));
  const areThere = await Promise.all(shards.map(isThere));
  requireNone(areThere.filter((is) => !is).length, shards.length, place);
  return [...model.paths, ...shards];
}

/** Names such as `model-00001-of-00003.safetensors` tell that there are more. */
function requireNumbered({ paths }: ModelInRepository, place: string): void {
  const counts = paths.flatMap((path) => shard.exec(path.slice(path.lastIndexOf('/') + 1))?.groups?.['count'] ?? []);
  requireNone(Number(counts[0] ?? 0) - counts.length, Number(counts[0] ?? 0), place);
}

function requireNone(missing: number, total: number, place: string): void {
  if (missing > 0) throw new HearthError('MODEL_INVALID', `${place} lacks ${missing} of ${total} files of weights.`);
}

/** How a file of a model is called in the model's folder. */
export function nameInModel(path: string, { folder }: ModelInRepository): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** A folder of a repository as people write it: `./a/` is `a`. */
export function plainFolder(given: string): string {
  return given.replace(/^(\.?\/+|\.$)+/, '').replace(/\/+$/, '');
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function chooseFiles(names: readonly string[]): readonly string[] {
  const weights = chooseWeights(names);
  if (weights.length === 0 || !names.includes('config.json')) return [];
  return ['config.json', ...others.filter((name) => names.includes(name)), ...weights];
}

function chooseWeights(names: readonly string[]): readonly string[] {
  const whole = weightsFiles.find((name) => names.includes(name));
  if (whole !== undefined) return [whole];
  const index = shardIndexNames.find((name) => names.includes(name));
  if (index !== undefined) return [index];
  const kind = names.find((name) => shard.test(name))?.split(/[.-]/)[0];
  return names.filter((name) => shard.test(name) && name.split(/[.-]/)[0] === kind);
}
