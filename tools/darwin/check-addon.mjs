import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SetUpError } from '../../setup/set-up-error.mjs';
import { readMachO } from './read-mach-o.mjs';
import { knownLibcxxSymbols } from './write-libcxx-stub.mjs';

const require = createRequire(import.meta.url);
const nodeApiVersion = 'v9';
const oldestMacos = '14.0';
const wantedLibraries = ['/usr/lib/libSystem.B.dylib', '/usr/lib/libc++.1.dylib', '@rpath/libmlx.dylib'];

/** @throws SetUpError with all problems, one per line */
export function checkDarwinAddon({ addon, mlxLibrary, zigFolder }) {
  const problems = findAddonProblems({
    addon: readMachO(addon),
    mlxSymbols: readMachO(mlxLibrary).exportedSymbols,
    libcxxSymbols: knownLibcxxSymbols(mlxLibrary),
    systemSymbols: readTextStub(join(zigFolder, 'lib', 'libc', 'darwin', 'libSystem.tbd')),
    nodeSymbols: nodeApiSymbols(),
  });
  if (problems.length > 0) throw new SetUpError(problems.join('\n'));
}

/**
 * What would keep macOS from loading the addon. The linker cannot tell: it leaves unknown names to be found at run time,
 * as it must for Node's own names.
 */
export function findAddonProblems({ addon, mlxSymbols, libcxxSymbols, systemSymbols, nodeSymbols }) {
  const known = new Set([...mlxSymbols, ...libcxxSymbols, ...systemSymbols, ...nodeSymbols]);
  const missing = addon.undefinedSymbols.filter((name) => !known.has(name));
  const libraries = [...addon.libraries].sort().join(', ');
  const expected = [...wantedLibraries].sort().join(', ');
  return [
    ...missing.map(
      (name) =>
        `Expected ${name} in MLX, Node-API, libSystem or macOS 14's libc++, got it nowhere. ` +
        "If macOS 14's libc++ has it, add it to tools/darwin/libcxx-symbols.txt.",
    ),
    ...(libraries === expected ? [] : [`Expected the addon to load ${expected}, got ${libraries}.`]),
    ...(addon.runPaths.includes('@loader_path')
      ? []
      : [`Expected @loader_path to be searched, got ${addon.runPaths}.`]),
    ...(addon.minimumMacos === oldestMacos
      ? []
      : [`Expected macOS ${oldestMacos} or newer, got ${addon.minimumMacos}.`]),
    ...(addon.isSigned ? [] : ['Expected a code signature, without which arm64 runs nothing, got none.']),
    ...(addon.exportedSymbols.includes('_napi_register_module_v1') ? [] : ['Expected an addon of Node-API, got none.']),
  ];
}

function nodeApiSymbols() {
  const { [nodeApiVersion]: version } = require('node-api-headers').symbols;
  return [...version.js_native_api_symbols, ...version.node_api_symbols].map((name) => `_${name}`);
}

/** Every name that a text stub exports. Names in this kind of YAML stand alone between brackets, commas and quotes. */
function readTextStub(path) {
  return readFileSync(path, 'utf8').match(/[\w$.]+/g) ?? [];
}
