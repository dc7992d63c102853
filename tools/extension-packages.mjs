import { join } from 'node:path';
import { rootFolder } from '../setup/folders.mjs';
import { holdsLocked, readPackages } from '../setup/steps/npm-packages.mjs';

const folder = join(rootFolder, 'extension');

/** Installs the Raycast extension's own packages, which only `npm test` needs. */
export const extensionPackages = {
  name: 'extension-packages',
  title: 'npm packages of the Raycast extension',
  needs: ['npm'],
  isCurrent: async () => {
    const locked = await readPackages(join(folder, 'package-lock.json'));
    const installed = await readPackages(join(folder, 'node_modules', '.package-lock.json'));
    return holdsLocked({ locked, installed });
  },
  run: ({ tools, run }) =>
    run({
      command: tools.npm,
      args: ['ci', '--ignore-scripts', '--include=dev', '--engine-strict=false', '--no-audit', '--no-fund'],
      cwd: folder,
    }),
};
