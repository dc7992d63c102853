import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assetsFolder } from './embedded-assets.ts';
import { isModelFolder, readHubCache } from './hub-cache.ts';

export interface ModelFolder {
  readonly name: string;
  readonly folder: string;
}

export const embeddedModelsFolder = join(assetsFolder, 'models');

/** Where downloaded models are stored, in the Hub's cache layout. */
export function hubFolderIn(downloadedModelsFolder: string): string {
  return join(downloadedModelsFolder, 'hub');
}

/** Downloaded and embedded models by name; a downloaded model hides an embedded one of the same name. */
export async function listModels(downloadedModelsFolder: string): Promise<readonly ModelFolder[]> {
  const embedded = await modelsIn(embeddedModelsFolder);
  const hubFolder = hubFolderIn(downloadedModelsFolder);
  // What lies in the cache itself is no model: to delete it would delete all that were downloaded.
  const downloaded = (await modelsIn(downloadedModelsFolder)).filter(({ folder }) => folder !== hubFolder);
  const { snapshots } = await readHubCache(hubFolder);
  const byName = new Map([...embedded, ...downloaded, ...snapshots].map((model) => [model.name, model]));
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name));
}

async function modelsIn(parent: string): Promise<ModelFolder[]> {
  // A folder that is missing, unreadable or not a folder has no models. The others can still be used.
  const names = await readdir(parent).catch(() => []);
  const models = names.map((name) => ({ name, folder: join(parent, name) }));
  const complete = await Promise.all(models.map((model) => isModelFolder(model.folder)));
  return models.filter((_, index) => complete[index]);
}
