import { HearthError } from '../errors/hearth-error.ts';

/** The weights that a model folder may have, in the order in which the engine looks for them. */
const weightsFiles = ['model.safetensors', 'weights.safetensors', 'weights.npz'];
/** Where a model in several files says which tensor is in which. */
const shardIndexes = ['model.safetensors.index.json', 'weights.safetensors.index.json'];
const shard = /^(model|weights)[.-]\d+(-of-(?<count>\d+))?\.safetensors$/;

const others = ['generation_config.json', 'multilingual.tiktoken', 'gpt2.tiktoken'];

/** A model in a repository: its folder, empty for the top, and the paths of what the engine reads. */
export interface ModelInRepository {
  readonly folder: string;
  readonly paths: readonly string[];
}

/** The models in a repository. Other formats of the same weights, and what only other programs read, are left out. */
export function findModels(paths: readonly string[]): readonly ModelInRepository[] {
  const folders = Map.groupBy(paths, folderOf);
  return [...folders.keys()].sort().flatMap((folder) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const inside = (folders.get(folder) ?? []).map((path) => path.slice(prefix.length));
    const needed = chooseFiles(inside);
    return needed.length === 0 ? [] : [{ folder, paths: needed.map((name) => prefix + name) }];
  });
}

/** @throws `MODEL_INVALID` where the names of some files of weights tell that there are more */
export function requireAllShards({ paths }: ModelInRepository, place: string): void {
  const counts = paths.flatMap((path) => shard.exec(path.slice(path.lastIndexOf('/') + 1))?.groups?.['count'] ?? []);
  const missing = Number(counts[0] ?? 0) - counts.length;
  if (missing <= 0) return;
  throw new HearthError('MODEL_INVALID', `${place} lacks ${missing} of ${Number(counts[0])} files of weights.`);
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
  const index = shardIndexes.find((name) => names.includes(name));
  const kind = index?.split('.')[0] ?? names.find((name) => shard.test(name))?.split(/[.-]/)[0];
  const shards = names.filter((name) => shard.test(name) && name.split(/[.-]/)[0] === kind);
  return shards.length === 0 || index === undefined ? shards : [index, ...shards];
}
