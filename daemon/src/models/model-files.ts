import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shardIndexNames, shardNamesOf } from '@hearth/native/shard-index';
import { readGivenFile } from '../settings/read-given-file.ts';

/** Several times the list of a large model. */
const mostIndexBytes = 1024 * 1024;

/**
 * What describes a model in its folder, and its weights: names of files there, and of those below it that its index lists.
 * @throws what reading the folder throws
 */
export async function modelFiles(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => isWeights(name) || name.endsWith('.json'));
  const index = shardIndexNames.find((name) => names.includes(name));
  const listed = (index === undefined ? null : shardNamesOf(await readShardIndex(join(folder, index)))) ?? [];
  const found = await Promise.all(listed.map((name) => stat(join(folder, name)).catch(() => null)));
  return [...new Set([...names, ...listed.filter((_, at) => found[at] !== null)])].sort();
}

/** The text of a list of weights; of one that cannot be read, one that is none. */
export async function readShardIndex(path: string): Promise<string> {
  return (await readGivenFile(path, mostIndexBytes).catch(() => '')).toString();
}

export function isWeights(name: string): boolean {
  return /\.(safetensors|npz)$/.test(name);
}
