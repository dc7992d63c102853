import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDarwinAddon } from '../darwin/check-addon.mjs';
import { darwinAddonPath, darwinBuildFolder, darwinDepsFolder, darwinFolder, zigFolder } from '../darwin/folders.mjs';
import { writeLibcxxStub } from '../darwin/write-libcxx-stub.mjs';
import { rootFolder } from '../folders.mjs';
import { hashInputs } from '../hash-inputs.mjs';
import { parallel, runCmakeJs } from './addon.mjs';

const mlxFolder = join(darwinDepsFolder, 'mlx-metal', 'mlx');
const stubPath = join(darwinFolder, 'libc++.1.tbd');

/** Builds the addon for macOS arm64 on another system, and holds what came out against what it will meet there. */
export const darwinAddon = {
  name: 'darwin-addon',
  title: 'C++ engine for macOS',
  needs: [],
  inputs: () =>
    hashInputs({
      root: rootFolder,
      paths: [
        ...['native/src', 'native/CMakeLists.txt', 'native/package.json', 'setup/darwin'],
        ...['setup/requirements/darwin-arm64.txt', 'setup/requirements/ziglang.txt', 'setup/steps/darwin-addon.mjs'],
      ],
      values: [rootFolder],
    }),
  outputs: [darwinAddonPath],
  run: async ({ run }) => {
    await writeLibcxxStub({ mlxLibrary: join(mlxFolder, 'lib', 'libmlx.dylib'), path: stubPath });
    const environment = {
      HEARTH_ZIG: join(zigFolder, 'zig'),
      ZIG_GLOBAL_CACHE_DIR: join(darwinFolder, 'zig-cache'),
      ZIG_LOCAL_CACHE_DIR: join(darwinFolder, 'zig-cache'),
    };
    const definitions = {
      CMAKE_TOOLCHAIN_FILE: join(rootFolder, 'setup', 'darwin', 'toolchain.cmake'),
      HEARTH_MLX_PACKAGE: 'mlx-metal',
      MLX_DIR: join(mlxFolder, 'share', 'cmake', 'MLX'),
      HEARTH_BUILD_TESTS: 'OFF',
      HEARTH_LIBCXX_STUB: stubPath,
    };
    const place = ['--out', darwinBuildFolder, '--arch', 'arm64'];
    const defined = Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`);
    // A toolchain is read when a cache is made, and never again.
    await rm(join(darwinBuildFolder, 'CMakeCache.txt'), { force: true });
    await runCmakeJs({ args: ['configure', ...place, ...defined], run, environment });
    await runCmakeJs({ args: ['build', ...place, '--target', 'hearth', ...parallel()], run, environment });
    checkDarwinAddon({ addon: darwinAddonPath, mlxLibrary: join(mlxFolder, 'lib', 'libmlx.dylib'), zigFolder });
  },
};
