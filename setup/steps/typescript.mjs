import { join } from 'node:path';
import { pinnedNode, rootFolder } from '../folders.mjs';

const tsc = join(rootFolder, 'node_modules', 'typescript', 'bin', 'tsc');

/** Compiles the daemon and the command line to `dist` folders. The compiler knows what is out of date. */
export const typescript = {
  name: 'typescript',
  title: 'TypeScript',
  needs: [],
  outputs: ['native/dist/index.js', 'daemon/dist/cli/main.js', 'daemon/dist/server/main.js'].map((path) =>
    join(rootFolder, path),
  ),
  run: ({ run }) => run({ command: pinnedNode, args: [tsc, '--build', 'daemon'], cwd: rootFolder }),
};
