import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { createAfconvert } from './afconvert.ts';
import type { Converter } from './converter.ts';
import { createFfmpeg } from './ffmpeg.ts';

/** Where package managers put programs that are not on a service's short PATH. */
const foldersOfPackageManagers = ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'];

export interface FindConvertersRequest {
  readonly platform?: NodeJS.Platform;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly packageManagerFolders?: readonly string[];
}

/**
 * The converters on this machine, in the order to try them: `afconvert` on macOS, then the ffmpeg named by
 * HEARTH_FFMPEG or found on the PATH.
 * @throws `CONVERTER_MISSING` if HEARTH_FFMPEG does not name a program
 */
export async function findConverters({
  platform = process.platform,
  environment = process.env,
  packageManagerFolders = foldersOfPackageManagers,
}: FindConvertersRequest = {}): Promise<readonly Converter[]> {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const afconvert = platform === 'darwin' ? await findProgram('afconvert', [...folders, '/usr/bin']) : undefined;
  const ffmpeg = await findFfmpeg(environment['HEARTH_FFMPEG'], [...folders, ...packageManagerFolders]);
  return [
    ...(afconvert === undefined ? [] : [createAfconvert(afconvert)]),
    ...(ffmpeg === undefined ? [] : [createFfmpeg(ffmpeg)]),
  ];
}

async function findFfmpeg(chosen: string | undefined, folders: readonly string[]): Promise<string | undefined> {
  if (chosen === undefined || chosen === '') return await findProgram('ffmpeg', folders);
  if (await isExecutable(chosen)) return chosen;
  throw new HearthError('CONVERTER_MISSING', `Expected HEARTH_FFMPEG to name a program, got "${chosen}".`, {
    hint: 'Set HEARTH_FFMPEG to the path of ffmpeg, or unset it to use the one on the PATH.',
  });
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
