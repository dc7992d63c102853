import { nvidiaDriverVersion, oldestNvidiaDriver } from './nvidia-driver.mjs';
import { SetUpError } from './set-up-error.mjs';

const platforms = {
  'darwin-arm64': {
    mlxPackage: 'mlx-metal',
    sndfileLibrary: 'libsndfile_arm64.dylib',
    // The oldest metallib, because a newer one does not load on an older macOS.
    wheelPlatforms: ['macosx_14_0_arm64'],
  },
  'linux-arm64': linux('aarch64', 'arm64'),
  'linux-x64': linux('x86_64', 'x86_64'),
};

const oldestGlibc = '2.35';

/**
 * What set-up downloads for one platform: MLX's wheel, libsndfile's file, and the tags that pip may choose from. Linux
 * with a recent NVIDIA driver gets MLX for CUDA.
 * @param {{ platform: string, arch: string, glibcVersion: string | undefined, nvidiaDriver?: string | null }} machine
 */
export function describePlatform({ platform, arch, glibcVersion, nvidiaDriver = null }) {
  const name = `${platform}-${arch}`;
  const found = platforms[name];
  if (!found) {
    const advice = name === 'darwin-x64' ? ' On Apple silicon, install the arm64 build of Node.' : '';
    throw new SetUpError(`Expected one of ${Object.keys(platforms).join(', ')}, got ${name}.${advice}`);
  }
  if (platform === 'linux' && !isAtLeast(glibcVersion ?? '', oldestGlibc)) {
    throw new SetUpError(
      `Expected glibc ${oldestGlibc} or newer, as MLX's wheel needs it, got ${glibcVersion ?? 'another C library'}. ` +
        'Use Ubuntu 22.04, Debian 12, Fedora 36 or newer.',
    );
  }
  if (platform === 'linux' && nvidiaDriver !== null && isAtLeast(nvidiaDriver, oldestNvidiaDriver)) {
    return { name: `${name}-cuda`, ...found, mlxPackage: 'mlx-cuda-13' };
  }
  return { name, ...found };
}

/** The platform that runs this process. */
export function currentPlatform() {
  process.report.excludeNetwork = true;
  const glibcVersion = process.platform === 'linux' ? process.report.getReport().header.glibcVersionRuntime : undefined;
  const { platform, arch } = process;
  const nvidiaDriver = platform === 'linux' ? nvidiaDriverVersion() : null;
  return describePlatform({ platform, arch, glibcVersion, nvidiaDriver });
}

/** Compares dotted versions number by number. */
export function isAtLeast(version, minimum) {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of minimum.split('.').map(Number).entries()) {
    const part = parts[index] || 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function linux(wheelArch, sndfileArch) {
  return {
    mlxPackage: 'mlx-cpu',
    sndfileLibrary: `libsndfile_${sndfileArch}.so`,
    wheelPlatforms: ['2_35', '2_28', '2_27', '2_17', '2_12', '2_5'].map((glibc) => `manylinux_${glibc}_${wheelArch}`),
  };
}
