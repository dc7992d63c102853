import { join } from 'node:path';
import { pinnedNode, rootFolder } from '../folders.mjs';
import { hashInputs } from '../hash-inputs.mjs';

const tsc = join(rootFolder, 'node_modules', 'typescript', 'bin', 'tsc');

/** Compiles the daemon and the command line to `dist` folders. */
export const typeScript = {
  name: 'typescript',
  title: 'TypeScript',
  needs: [],
  inputs: () =>
    hashInputs({
      root: rootFolder,
      paths: [
        ...['daemon/src', 'daemon/package.json', 'daemon/tsconfig.json', 'native/index.ts', 'native/package.json'],
        ...[
          'native/tsconfig.json',
          'launchd/src',
          'launchd/package.json',
          'launchd/tsconfig.json',
          'tsconfig.base.json',
          'package-lock.json',
        ],
      ],
    }),
  outputs: ['native/dist/index.js', 'daemon/dist/cli/main.js', 'daemon/dist/server/main.js'].map((path) =>
    join(rootFolder, path),
  ),
  run: ({ run }) => run({ command: pinnedNode, args: [tsc, '--build', 'daemon'], cwd: rootFolder }),
};
