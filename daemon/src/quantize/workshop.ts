import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRunning } from '../settings/is-running.ts';
import { ownLeftovers } from '../settings/own-leftovers.ts';

const names = /^\.quantizing-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * Makes a folder in which one run makes its model; the run removes it. It has no `config.json`, so nobody takes it for a
 * model. Those of runs whose process is gone are deleted, and those of others that go on are left alone.
 */
export async function openWorkshop(modelsFolder: string): Promise<string> {
  await mkdir(modelsFolder, { recursive: true, mode: 0o700 });
  const left = await ownLeftovers(await realpath(modelsFolder), { names, kind: 'folder' }).catch(() => []);
  const abandoned = left.filter((folder) => !isRunning(Number(names.exec(basename(folder))?.[1])));
  for (const folder of abandoned) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  return mkdtemp(join(modelsFolder, `.quantizing-${process.pid}-`));
}
