import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRunning } from '../settings/is-running.ts';
import { ownLeftovers } from '../settings/own-leftovers.ts';

const names = /^\.quantizing-(\d+)-[A-Za-z0-9]{6}$/;
const inputsFile = 'inputs.json';

/**
 * Makes a folder in which one run makes its model; the run removes it. It has no `config.json`, so nobody takes it for a
 * model. A folder that a run with the same inputs has left is taken over with all that is in it. Those of other runs
 * whose process is gone are deleted, and those of others that go on are left alone.
 */
export async function openWorkshop(modelsFolder: string, inputs: string): Promise<string> {
  await mkdir(modelsFolder, { recursive: true, mode: 0o700 });
  const left = await ownLeftovers(await realpath(modelsFolder), { names, kind: 'folder' }).catch(() => []);
  const abandoned = left.filter((folder) => !isRunning(Number(names.exec(basename(folder))?.[1])));
  const workshop = await mkdtemp(join(modelsFolder, `.quantizing-${process.pid}-`));
  let isTaken = false;
  for (const folder of abandoned) {
    if (!isTaken && (await inputsIn(folder)) === inputs) isTaken = await takeOver(folder, workshop);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
  if (!isTaken) await writeFile(join(workshop, inputsFile), inputs);
  return workshop;
}

function inputsIn(folder: string): Promise<string | null> {
  return readFile(join(folder, inputsFile), 'utf8').catch(() => null);
}

/** Of two runs that want one folder, one gets it: a name is taken at once, and an empty folder may have it before. */
function takeOver(folder: string, workshop: string): Promise<boolean> {
  return rename(folder, workshop).then(
    () => true,
    () => false,
  );
}
