import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isWeights, modelFiles } from '../models/model-files.ts';

/**
 * Tells whether the files of a model are those that were loaded: another text if one of them was replaced. Null if there
 * is no model in the folder now.
 */
export async function modelIdentity(folder: string): Promise<string | null> {
  try {
    const names = (await modelFiles(folder)).filter((name) => name === 'config.json' || isWeights(name));
    if (!names.includes('config.json') || names.length < 2) return null;
    return (await Promise.all(names.map((name) => fileIdentity(folder, name)))).join('\n');
  } catch {
    return null;
  }
}

async function fileIdentity(folder: string, name: string): Promise<string> {
  const { dev, ino, size, mtimeMs } = await stat(join(folder, name));
  return `${name} ${dev} ${ino} ${size} ${mtimeMs}`;
}
