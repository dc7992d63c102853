import { existsSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fetchWheels } from '../fetch-wheels.mjs';
import { findExecutable } from '../find-executable.mjs';
import { findCmake } from '../find-tools.mjs';
import { rootFolder, stateFolder } from '../folders.mjs';
import { replaceFolder } from '../replace-folder.mjs';

const tools = [
  { name: 'cmake', find: findCmake, place: join(stateFolder, 'cmake'), executable: 'cmake/data/bin/cmake' },
  {
    name: 'ninja',
    find: () => findExecutable(['ninja']),
    place: join(stateFolder, 'ninja'),
    executable: 'ninja-1.13.0.data/scripts/ninja',
  },
];

/** Installs CMake and ninja from their wheels if the machine has none or only old ones. */
export function buildTools(platform) {
  return {
    name: 'build-tools',
    title: 'CMake and ninja',
    needs: ['python'],
    isCurrent: async () => missingTools().length === 0,
    run: async ({ tools: { python }, run }) => {
      for (const { name, place, executable } of missingTools()) {
        const staging = join(stateFolder, 'staging');
        const requirements = join(rootFolder, 'setup', 'requirements', `${name}.txt`);
        await fetchWheels({ python, requirements, wheelPlatforms: platform.wheelPlatforms, folder: staging, run });
        // Python's zipfile drops the execute permission.
        await chmod(join(staging, name, executable), 0o755);
        await replaceFolder({ finished: join(staging, name), place });
        await rm(staging, { recursive: true });
      }
    },
  };
}

/** A `PATH` on which a child finds set-up's build tools first. */
export function pathWithBuildTools() {
  const brought = tools.map(({ place, executable }) => join(place, executable)).filter((path) => existsSync(path));
  return [...brought.map((path) => dirname(path)), process.env.PATH].join(delimiter);
}

function missingTools() {
  return tools.filter(({ find, place, executable }) => find() === null && !existsSync(join(place, executable)));
}
