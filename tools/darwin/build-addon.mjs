import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';
import { parallel, runCmakeJs } from '../../setup/steps/addon.mjs';
import { checkDarwinAddon } from './check-addon.mjs';
import {
  darwinAddonPath,
  darwinBuildFolder,
  darwinDepsFolder,
  darwinFolder,
  darwinMicrophonePath,
  zigFolder,
} from './folders.mjs';
import { writeLibcxxStub } from './write-libcxx-stub.mjs';

const mlxFolder = join(darwinDepsFolder, 'mlx-metal', 'mlx');
const stubPath = join(darwinFolder, 'libc++.1.tbd');

/**
 * Builds the addon and the recorder for macOS arm64 on another system, and checks that macOS can load the addon. Not optimised it is built in half
 * of the time, in a folder of its own.
 */
export const darwinAddon = ({ optimize }) => ({
  name: 'darwin-addon',
  title: 'C++ engine for macOS',
  needs: [],
  outputs: [darwinAddonPath({ optimize }), darwinMicrophonePath({ optimize })],
  run: async ({ run }) => {
    await writeLibcxxStub({ mlxLibrary: join(mlxFolder, 'lib', 'libmlx.dylib'), path: stubPath });
    const environment = {
      HEARTH_ZIG: join(zigFolder, 'zig'),
      ZIG_GLOBAL_CACHE_DIR: join(darwinFolder, 'zig-cache'),
      ZIG_LOCAL_CACHE_DIR: join(darwinFolder, 'zig-cache'),
    };
    const definitions = {
      CMAKE_TOOLCHAIN_FILE: join(rootFolder, 'tools', 'darwin', 'toolchain.cmake'),
      HEARTH_MLX_PACKAGE: 'mlx-metal',
      MLX_DIR: join(mlxFolder, 'share', 'cmake', 'MLX'),
      HEARTH_BUILD_TESTS: 'OFF',
      HEARTH_LIBCXX_STUB: stubPath,
      HEARTH_OPTIMIZE: optimize ? 'ON' : 'OFF',
    };
    const folder = darwinBuildFolder({ optimize });
    const place = ['--out', folder, '--arch', 'arm64'];
    const defined = Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`);
    // CMake only reads the toolchain when it creates a cache.
    await rm(join(folder, 'CMakeCache.txt'), { force: true });
    await runCmakeJs({ args: ['configure', ...place, ...defined], run, environment });
    await runCmakeJs({ args: ['build', ...place, '--target', 'hearth', ...parallel()], run, environment });
    const addon = darwinAddonPath({ optimize });
    checkDarwinAddon({ addon, mlxLibrary: join(mlxFolder, 'lib', 'libmlx.dylib'), zigFolder });
  },
});
