import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { atNamedPath } from '../../settings/named-files.ts';
import type { StoredJob } from '../jobs/stored-job.ts';
import type { ModelStore } from '../models/model-store.ts';

export interface CurrentPlaces {
  readonly spoolFolder: string;
  /** Where the upload of a job that has not ended is. */
  readonly find: (path: string) => Promise<string>;
  readonly models: Pick<ModelStore, 'find'>;
}

/** Gives jobs their current paths: the home may have moved, or an update of Hearth may have moved a job's model. */
export async function relocateJobs(
  stored: readonly StoredJob[],
  { spoolFolder, find, models }: CurrentPlaces,
): Promise<readonly StoredJob[]> {
  const folders = new Map<string, string>();
  for (const { accepted, ended } of stored) {
    const { modelFolder, options } = accepted;
    if (ended !== null || folders.has(modelFolder)) continue;
    const found = (await isThere(modelFolder)) ? null : await models.find(options.model).catch(() => null);
    folders.set(modelFolder, found?.folder ?? modelFolder);
  }
  const relocated: StoredJob[] = [];
  for (const { accepted, ended } of stored) {
    const modelFolder = folders.get(accepted.modelFolder) ?? accepted.modelFolder;
    const spooled = accepted.uploaded ? join(spoolFolder, basename(accepted.audioPath)) : accepted.audioPath;
    const audioPath = accepted.uploaded && ended === null ? await find(spooled) : spooled;
    relocated.push({ accepted: { ...accepted, modelFolder, audioPath }, ended });
  }
  return relocated;
}

/** One whose disk does not answer may be there: its job waits for it as others do. */
function isThere(folder: string): Promise<boolean> {
  return atNamedPath(() => stat(folder)).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ETIMEDOUT',
  );
}
