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
