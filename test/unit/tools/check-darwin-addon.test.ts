import { expect, test } from '@jest/globals';
import { findAddonProblems } from '../../../tools/darwin/check-addon.mjs';

const addon = {
  type: 'dylib',
  id: null,
  libraries: ['/usr/lib/libSystem.B.dylib', '/usr/lib/libc++.1.dylib', '@rpath/libmlx.dylib'],
  runPaths: ['@loader_path', '@loader_path/../../deps/mlx-metal/mlx/lib'],
  minimumMacos: '14.0',
  isSigned: true,
  undefinedSymbols: ['__ZN3mlx4core3addE', '_napi_create_object', '_malloc', '__ZNSt3__15mutexD1Ev'],
  exportedSymbols: ['_napi_register_module_v1'],
};

function problems(changes: Partial<typeof addon> = {}): string[] {
  return findAddonProblems({
    addon: { ...addon, ...changes },
    mlxSymbols: ['__ZN3mlx4core3addE'],
    libcxxSymbols: ['__ZNSt3__15mutexD1Ev'],
    systemSymbols: ['_malloc'],
    nodeSymbols: ['_napi_create_object'],
  });
}

test('an addon whose every name is somewhere has no problem', () => {
  expect(problems()).toEqual([]);
});

test.each([
  ['a function that this MLX has not', { undefinedSymbols: ['__ZN3mlx4core5additE'] }, '__ZN3mlx4core5additE'],
  ['a library that no Mac has', { libraries: [...addon.libraries, '@rpath/libfoo.dylib'] }, '@rpath/libfoo.dylib'],
  [
    'a libc++ of its own',
    { libraries: ['/usr/lib/libSystem.B.dylib', '@rpath/libmlx.dylib'] },
    '/usr/lib/libc++.1.dylib',
  ],
  ['no path to its libraries', { runPaths: [] }, '@loader_path'],
  ['a newer macOS', { minimumMacos: '15.0' }, '15.0'],
  ['no signature', { isSigned: false }, 'code signature'],
  ['no entry for Node', { exportedSymbols: [] }, 'Node-API'],
])('an addon with %s has one, and it is named', (_what, changes, named) => {
  expect(problems(changes)).toEqual([expect.stringContaining(named)]);
});
