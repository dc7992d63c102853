import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pinnedNode, rootFolder } from '../folders.mjs';

/** Installs the npm packages in the lock file. Keeps a `node_modules` that the user's own `npm install` made current. */
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
        // The packages must fit the pinned Node, not the one that set-up runs on.
        ...['--engine-strict=false', '--no-audit', '--no-fund'],
      ],
      cwd: rootFolder,
    }),
};

/** True if everything in the lock file is installed in the locked version, and nothing in another version. */
export function holdsLocked({ locked, installed }) {
  if (locked === null || installed === null) return false;
  // npm leaves out optional packages for other platforms.
  const expected = Object.entries(locked).filter(([path, entry]) => path !== '' && !entry.optional);
  return (
    expected.every(([path, entry]) => isSame(installed[path], entry)) &&
    Object.entries(installed).every(([path, entry]) => isSame(locked[path], entry))
  );
}

function isSame(left, right) {
  return left !== undefined && left.version === right?.version && left.integrity === right?.integrity;
}

/** The packages in a lock file, by their location; null if there is no such file. */
export async function readPackages(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages;
  } catch {
    return null;
  }
}
