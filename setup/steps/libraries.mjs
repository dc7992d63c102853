import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
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
    title: platform.mlxPackage.includes('cuda') ? 'MLX for CUDA (2 GB) and libsndfile' : 'MLX and libsndfile',
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
      const unpackedMlx = join(staging, platform.mlxPackage.replaceAll('-', '_'));
      await addNvidiaLibraries({ staging, mlx: unpackedMlx });
      await replaceFolder({ finished: unpackedMlx, place: mlxFolder });
      await keepSndfileOnly({ wheel: join(staging, 'soundfile'), library: platform.sndfileLibrary, staging });
      await replaceFolder({ finished: join(staging, 'libsndfile'), place: sndfileFolder });
      await rm(staging, { recursive: true });
    },
  };
}

/** NVIDIA's wheels all have a folder `nvidia`. MLX looks for their libraries and headers in one beside its own. */
async function addNvidiaLibraries({ staging, mlx }) {
  for (const name of await readdir(staging)) {
    if (name.startsWith('nvidia_')) await moveInto(join(staging, name, 'nvidia'), join(mlx, 'nvidia'));
  }
}

/** Moves what is in one folder into another. Folders that both have become one. */
async function moveInto(from, to) {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, place] = [join(from, entry.name), join(to, entry.name)];
    const isInBoth = entry.isDirectory() && (await stat(place).catch(() => null)) !== null;
    await (isInBoth ? moveInto(source, place) : rename(source, place));
  }
}

/** The wheel's Python code is not needed. The licence must stay beside the library. */
async function keepSndfileOnly({ wheel, library, staging }) {
  const kept = join(staging, 'libsndfile');
  await mkdir(kept);
  for (const name of [library, 'COPYING']) {
    await copyFile(join(wheel, '_soundfile_data', name), join(kept, name));
  }
}
