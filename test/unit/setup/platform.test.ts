import { expect, test } from '@jest/globals';
import { describePlatform, isAtLeast } from '../../../setup/platform.mjs';

test.each([
  ['linux', 'x64', 'mlx-cpu', 'libsndfile_x86_64.so'],
  ['linux', 'arm64', 'mlx-cpu', 'libsndfile_arm64.so'],
  ['darwin', 'arm64', 'mlx-metal', 'libsndfile_arm64.dylib'],
])('%s %s takes %s and %s', (platform, arch, mlxPackage, sndfileLibrary) => {
  const described = describePlatform({ platform, arch, glibcVersion: '2.36' });
  expect(described).toMatchObject({ mlxPackage, sndfileLibrary });
});

test.each([
  ['580.65.06', 'linux-x64-cuda', 'mlx-cuda-13'],
  ['612.10', 'linux-x64-cuda', 'mlx-cuda-13'],
  ['575.57.08', 'linux-x64', 'mlx-cpu'],
  [null, 'linux-x64', 'mlx-cpu'],
])('Linux with NVIDIA driver %s is %s and takes %s', (nvidiaDriver, name, mlxPackage) => {
  const described = describePlatform({ platform: 'linux', arch: 'x64', glibcVersion: '2.36', nvidiaDriver });
  expect(described).toMatchObject({ name, mlxPackage });
});

test('an Intel Mac is told about the Node for Apple silicon, since Rosetta looks like one', () => {
  expect(() => describePlatform({ platform: 'darwin', arch: 'x64', glibcVersion: undefined })).toThrow(
    /got darwin-x64\. On Apple silicon, install the arm64 build of Node\./,
  );
});

test.each([['2.31'], [undefined]])(
  'a C library that MLX does not run on, %s, is told before anything is fetched',
  (glibcVersion) => {
    expect(() => describePlatform({ platform: 'linux', arch: 'x64', glibcVersion })).toThrow(
      /Expected glibc 2\.35 or newer/,
    );
  },
);

test('versions are compared by number', () => {
  expect(isAtLeast('2.35', '2.35')).toBe(true);
  expect(isAtLeast('2.100', '2.35')).toBe(true);
  expect(isAtLeast('3', '2.35')).toBe(true);
  expect(isAtLeast('2.4', '2.35')).toBe(false);
  expect(isAtLeast('', '2.35')).toBe(false);
});
