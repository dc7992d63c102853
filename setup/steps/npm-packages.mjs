import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pinnedNode, rootFolder } from '../folders.mjs';

/** Installs the npm packages of the lock file. A `node_modules` that someone else's `npm install` made current is kept. */
export const npmPackages = {
  name: 'npm-packages',
  title: 'npm packages',
  needs: ['npm'],
  isCurrent: async () => {
    const locked = await readPackages(join(rootFolder, 'package-lock.json'));
    const installed = await readPackages(join(rootFolder, 'node_modules', '.package-lock.json'));
    return holdsLocked({ locked, installed }) && existsSync(pinnedNode);
  },
  run: ({ tools, run }) =>
    run({
      command: tools.npm,
      args: [
        ...['ci', '--ignore-scripts', '--include=dev', '--include=optional'],
        // The pinned Node, not the one that set-up runs on, is what the packages must fit.
        ...['--engine-strict=false', '--no-audit', '--no-fund'],
      ],
      cwd: rootFolder,
    }),
};

/** True when what the lock file asks for is installed in the locked version, and nothing in another one. */
export function holdsLocked({ locked, installed }) {
  if (locked === null || installed === null) return false;
  // npm leaves out the optional packages that are for other platforms.
  const expected = Object.entries(locked).filter(([path, entry]) => path !== '' && !entry.optional);
  return (
    expected.every(([path, entry]) => isSame(installed[path], entry)) &&
    Object.entries(installed).every(([path, entry]) => isSame(locked[path], entry))
  );
}

function isSame(left, right) {
  return left !== undefined && left.version === right?.version && left.integrity === right?.integrity;
}

/** The packages that a lock file names, by their places; null where there is no such file. */
export async function readPackages(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages;
  } catch {
    return null;
  }
}
