import { basename, isAbsolute, normalize } from 'node:path';
import { closestMatch } from 'leven';
import { HearthError } from '../errors/hearth-error.ts';
import { isRepository } from '../protocol/repository-name.ts';
import { atNamedPath } from '../settings/named-files.ts';
import { isModelFolder } from './hub-cache.ts';
import { listModels, type ModelFolder } from './list-models.ts';

export interface FindModelRequest {
  /** A model's name, or the absolute path of its folder. */
  readonly name: string;
  readonly downloadedModelsFolder: string;
}

/** @throws `MODEL_NOT_FOUND`, with the names of the available models */
export async function findModel(request: FindModelRequest): Promise<ModelFolder> {
  return isAbsolute(request.name) ? findFolder(normalize(request.name)) : findByName(request);
}

async function findFolder(path: string): Promise<ModelFolder> {
  const folder = path.replace(/(?<=.)\/+$/, '');
  if (await atNamedPath(() => isModelFolder(folder)).catch(() => false)) return { name: basename(folder), folder };
  throw new HearthError('MODEL_NOT_FOUND', `Expected a model folder with config.json in it, got ${folder}.`, {
    hint: 'Name a folder that holds config.json beside the weights, or use the name of a model.',
  });
}

async function findByName({ name, downloadedModelsFolder }: FindModelRequest): Promise<ModelFolder> {
  const models = await listModels(downloadedModelsFolder);
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name);
  const closest = closestMatch(name, names, { maxDistance: Math.ceil(name.length / 2) });
  throw new HearthError('MODEL_NOT_FOUND', `Expected the name of a model (${names.join(', ')}), got ${name}.`, {
    hint: closest === undefined ? howToGet(name) : `Did you mean ${closest}?`,
  });
}

function howToGet(name: string): string {
  return isRepository(name)
    ? `Download it with \`hearth models pull ${name}\`, or use one of the models listed.`
    : 'Use one of the models listed, or the absolute path of a folder.';
}
