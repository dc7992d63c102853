import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { darwinFolder, zigFolder } from '../darwin/folders.mjs';
import { fetchWheels } from '../fetch-wheels.mjs';
import { rootFolder } from '../folders.mjs';
import { hashInputs } from '../hash-inputs.mjs';
import { replaceFolder } from '../replace-folder.mjs';

const requirements = join('setup', 'requirements', 'ziglang.txt');
const wheelPlatforms = {
  x64: ['manylinux_2_12_x86_64'],
  arm64: ['manylinux_2_17_aarch64'],
};

/** Brings zig, a C++ compiler that knows macOS's headers and libraries, from its wheel. */
export const zig = {
  name: 'zig',
  title: 'Compiler for macOS',
  needs: ['python'],
  inputs: () => hashInputs({ root: rootFolder, paths: [requirements], values: [process.arch] }),
  outputs: [join(zigFolder, 'zig')],
  run: async ({ tools: { python }, run }) => {
    const staging = join(darwinFolder, 'zig-staging');
    await fetchWheels({
      ...{ python, requirements: join(rootFolder, requirements), run },
      ...{ wheelPlatforms: wheelPlatforms[process.arch] ?? [], folder: staging },
    });
    await chmod(join(staging, 'ziglang', 'ziglang', 'zig'), 0o755);
    await replaceFolder({ finished: join(staging, 'ziglang', 'ziglang'), place: zigFolder });
    await rm(staging, { recursive: true });
  },
};
