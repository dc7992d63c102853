import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { readMachO } from './read-mach-o.mjs';

const systemLibrary = '/usr/lib/libc++.1.dylib';

/**
 * The known exports of macOS 14's libc++: everything that libmlx.dylib, which Apple's tools built for macOS 14, uses from
 * it, and the names in libcxx-symbols.txt.
 */
export function knownLibcxxSymbols(mlxLibrary) {
  const listed = readFileSync(new URL('libcxx-symbols.txt', import.meta.url), 'utf8');
  const ours = listed.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const taken = readMachO(mlxLibrary).undefinedSymbols.filter((name) =>
    /^(__Z|___cxa_|___gxx_|___dynamic_cast)/.test(name),
  );
  return [...new Set([...taken, ...ours])].sort();
}

/** Writes the text stub that stands in for Apple's libc++ when the addon is linked. */
export async function writeLibcxxStub({ mlxLibrary, path }) {
  const symbols = knownLibcxxSymbols(mlxLibrary);
  const target = '[ arm64-macos ]';
  await writeFile(
    path,
    [
      '--- !tapi-tbd',
      'tbd-version: 4',
      `targets: ${target}`,
      `install-name: '${systemLibrary}'`,
      'exports:',
      `  - targets: ${target}`,
      '    symbols:',
      ...symbols.map((name) => `      - '${name}'`),
      '...',
      '',
    ].join('\n'),
  );
}
