import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describePlatform } from '../../../setup/platform.mjs';
import { libraries } from '../../../setup/steps/libraries.mjs';

// As the wheels have them.
const wheels: Record<string, readonly string[]> = {
  mlx_cuda_13: ['mlx/lib/libmlx.so', 'mlx_cuda_13.libs/libblas.so'],
  soundfile: ['_soundfile_data/libsndfile_x86_64.so', '_soundfile_data/COPYING'],
  nvidia_cublas: ['nvidia/cu13/lib/libcublas.so.13', 'nvidia/cu13/include/cublas_v2.h'],
  nvidia_cuda_nvrtc: ['nvidia/cu13/lib/libnvrtc.so.13', 'nvidia/cu13/include/nvrtc.h'],
  nvidia_cudnn_cu13: ['nvidia/cudnn/lib/libcudnn.so.9'],
};

test("NVIDIA's libraries and headers come into one folder beside MLX for CUDA", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-libraries-'));
  try {
    const machine = { platform: 'linux', arch: 'x64', glibcVersion: '2.36', nvidiaDriver: '580.65.06' };
    await libraries(describePlatform(machine), { folder }).run({ tools: { python: 'python3' }, run: standInPython });
    const mlx = join(folder, 'mlx-cuda-13');
    const found = (await readdir(mlx, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(found.map((entry) => join(entry.parentPath, entry.name).slice(mlx.length + 1)).sort()).toEqual([
      ...['mlx/lib/libmlx.so', 'mlx_cuda_13.libs/libblas.so'],
      ...['nvidia/cu13/include/cublas_v2.h', 'nvidia/cu13/include/nvrtc.h'],
      ...['nvidia/cu13/lib/libcublas.so.13', 'nvidia/cu13/lib/libnvrtc.so.13', 'nvidia/cudnn/lib/libcudnn.so.9'],
    ]);
    expect(await readdir(join(folder, 'libsndfile'))).toEqual(['COPYING', 'libsndfile_x86_64.so']);
    expect((await readdir(folder)).sort()).toEqual(['libsndfile', 'mlx-cuda-13']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** `pip download` and `python -m zipfile -e`, as `fetchWheels` runs them. */
async function standInPython({ args }: { args: string[] }): Promise<string[]> {
  if (args.includes('pip')) {
    const downloads = args[args.indexOf('--dest') + 1] ?? '';
    for (const name of Object.keys(wheels)) await writeFile(join(downloads, `${name}-1.0-py3-none-any.whl`), '');
    return [];
  }
  const place = args.at(-1) ?? '';
  for (const file of wheels[basename(place)] ?? []) {
    await mkdir(dirname(join(place, file)), { recursive: true });
    await writeFile(join(place, file), '');
  }
  return [];
}
