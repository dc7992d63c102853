import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { StoredJob } from '../jobs/stored-job.ts';
import type { ModelStore } from '../models/model-store.ts';

export interface CurrentPlaces {
  readonly spoolFolder: string;
  readonly models: Pick<ModelStore, 'find'>;
}

/** Gives jobs their current paths: the home may have moved, or an update of Hearth may have moved a job's model. */
export async function relocateJobs(
  stored: readonly StoredJob[],
  { spoolFolder, models }: CurrentPlaces,
): Promise<readonly StoredJob[]> {
  const folders = new Map<string, string>();
  for (const { accepted, ended } of stored) {
    const { modelFolder, options } = accepted;
    if (ended !== null || folders.has(modelFolder)) continue;
    const found = existsSync(modelFolder) ? null : await models.find(options.model).catch(() => null);
    folders.set(modelFolder, found?.folder ?? modelFolder);
  }
  return stored.map(({ accepted, ended }) => {
    const modelFolder = folders.get(accepted.modelFolder) ?? accepted.modelFolder;
    const audioPath = accepted.uploaded ? join(spoolFolder, basename(accepted.audioPath)) : accepted.audioPath;
    return { accepted: { ...accepted, modelFolder, audioPath }, ended };
  });
}
