import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchWheels } from '../fetch-wheels.mjs';
import { depsFolder, rootFolder } from '../folders.mjs';
import { replaceFolder } from '../replace-folder.mjs';

/** Installs MLX and libsndfile from their wheels into native/deps, or those of another platform into another folder. */
export function libraries(platform, { name = 'libraries', folder = depsFolder } = {}) {
  const requirements = join(rootFolder, 'setup', 'requirements', `${platform.name}.txt`);
  const mlxFolder = join(folder, platform.mlxPackage);
  const sndfileFolder = join(folder, 'libsndfile');
  return {
    name,
    title: 'MLX and libsndfile',
    needs: ['python'],
    pinnedBy: [requirements],
    outputs: [join(mlxFolder, 'mlx'), join(sndfileFolder, platform.sndfileLibrary)],
    run: async ({ tools, run }) => {
      const staging = join(folder, '.staging');
      await fetchWheels({
        python: tools.python,
        requirements,
        wheelPlatforms: platform.wheelPlatforms,
        folder: staging,
        run,
      });
      await replaceFolder({ finished: join(staging, platform.mlxPackage.replace('-', '_')), place: mlxFolder });
      await keepSndfileOnly({ wheel: join(staging, 'soundfile'), library: platform.sndfileLibrary, staging });
      await replaceFolder({ finished: join(staging, 'libsndfile'), place: sndfileFolder });
      await rm(staging, { recursive: true });
    },
  };
}

/** The wheel's Python code is not needed. The licence must stay beside the library. */
async function keepSndfileOnly({ wheel, library, staging }) {
  const kept = join(staging, 'libsndfile');
  await mkdir(kept);
  for (const name of [library, 'COPYING']) {
    await copyFile(join(wheel, '_soundfile_data', name), join(kept, name));
  }
}
