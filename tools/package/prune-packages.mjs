import { readdir, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Folders of a package that only developers use; `include` has Node's headers. */
const developersFolders = [
  'test',
  'tests',
  'docs',
  'benchmark',
  'benchmarks',
  'example',
  'examples',
  'include',
  '.github',
];
const developersFiles = ['.map', '.ts', '.mts', '.cts', '.md', '.markdown'];

/** Removes files from a `node_modules` that are not needed at run time. Licences stay. */
export async function prunePackages(modules) {
  for (const entry of await readdir(modules, { withFileTypes: true })) {
    const path = join(modules, entry.name);
    if (!entry.isDirectory() || entry.name === '.bin') continue;
    if (entry.name.startsWith('@')) await prunePackages(path);
    else await prunePackage(path);
  }
}

async function prunePackage(folder) {
  for (const name of developersFolders) await rm(join(folder, name), { recursive: true, force: true });
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const isLicence = /licen[cs]e|notice|copying/i.test(entry.name);
    if (!entry.isFile() || isLicence || !developersFiles.includes(extname(entry.name))) continue;
    await rm(join(entry.parentPath, entry.name));
  }
  const own = join(folder, 'node_modules');
  if ((await readdir(folder)).includes('node_modules')) await prunePackages(own);
}
