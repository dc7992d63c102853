import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const rootFolder = dirname(dirname(fileURLToPath(import.meta.url)));
/** Stamps, logs and build tools of set-up. Ignored by git and safe to delete. */
export const stateFolder = join(rootFolder, 'build', 'setup');
export const nativeFolder = join(rootFolder, 'native');
/** Unpacked libraries that the addon is built with and loads. */
export const depsFolder = join(nativeFolder, 'deps');
export const pinnedNode = join(rootFolder, 'node_modules', '.bin', 'node');
