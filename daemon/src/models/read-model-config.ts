import { join } from 'node:path';
import { readGivenFile } from '../settings/read-given-file.ts';

const mostBytes = 1024 * 1024;

/** What a model says of itself. @throws what reading and parsing throw */
export async function readModelConfig(folder: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse((await readGivenFile(join(folder, 'config.json'), mostBytes)).toString());
}
