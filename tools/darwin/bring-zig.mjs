import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchWheels } from '../../setup/fetch-wheels.mjs';
import { rootFolder } from '../../setup/folders.mjs';
import { replaceFolder } from '../../setup/replace-folder.mjs';
import { darwinFolder, zigFolder } from './folders.mjs';

const requirements = join(rootFolder, 'tools', 'darwin', 'ziglang.txt');
const wheelPlatforms = {
  x64: ['manylinux_2_12_x86_64'],
  arm64: ['manylinux_2_17_aarch64'],
};

/** Unpacks zig from its wheel: a C++ compiler that has macOS's headers and library stubs. */
export const zig = {
  name: `zig-${process.arch}`,
  title: 'Compiler for macOS',
  needs: ['python'],
  pinnedBy: [requirements],
  outputs: [join(zigFolder, 'zig')],
  run: async ({ tools: { python }, run }) => {
    const staging = join(darwinFolder, 'zig-staging');
    await fetchWheels({
      python,
      requirements,
      wheelPlatforms: wheelPlatforms[process.arch] ?? [],
      folder: staging,
      run,
    });
    await chmod(join(staging, 'ziglang', 'ziglang', 'zig'), 0o755);
    await replaceFolder({ finished: join(staging, 'ziglang', 'ziglang'), place: zigFolder });
    await rm(staging, { recursive: true });
  },
};
