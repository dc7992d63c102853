import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assetsFolder } from './assets-folder.ts';
import { listSnapshots } from './hub-cache.ts';

export interface ModelFolder {
  readonly name: string;
  readonly folder: string;
}

export const embeddedModelsFolder = join(assetsFolder, 'models');

/** Where pulled models lie, in the Hub's cache layout. */
export function hubFolderIn(downloadedModelsFolder: string): string {
  return join(downloadedModelsFolder, 'hub');
}

/** Downloaded and embedded models by name; a downloaded model hides an embedded one of the same name. */
export async function listModels(downloadedModelsFolder: string): Promise<readonly ModelFolder[]> {
  const embedded = await modelsIn(embeddedModelsFolder);
  const downloaded = await modelsIn(downloadedModelsFolder);
  const pulled = await listSnapshots(hubFolderIn(downloadedModelsFolder));
  const byName = new Map([...embedded, ...downloaded, ...pulled].map((model) => [model.name, model]));
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name));
}

async function modelsIn(parent: string): Promise<ModelFolder[]> {
  const names = await readdir(parent).catch(ignoreMissingFolder);
  const models = names.map((name) => ({ name, folder: join(parent, name) }));
  const complete = await Promise.all(models.map((model) => isModelFolder(model.folder)));
  return models.filter((_, index) => complete[index]);
}

/** Whether a folder is one that a model can be loaded from: it has a `config.json`. */
export async function isModelFolder(folder: string): Promise<boolean> {
  return access(join(folder, 'config.json')).then(
    () => true,
    () => false,
  );
}

function ignoreMissingFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
