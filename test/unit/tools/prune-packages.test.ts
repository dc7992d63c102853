import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { prunePackages } from '../../../tools/package/prune-packages.mjs';

const kept = [
  '.bin/tool',
  'a/package.json',
  'a/index.js',
  'a/LICENSE.md',
  'a/lib/test/index.js',
  'a/node_modules/b/index.js',
  '@scope/c/index.js',
];
const dropped = [
  'a/README.md',
  'a/index.d.ts',
  'a/index.js.map',
  'a/test/index.js',
  'a/node_modules/b/docs/page.js',
  '@scope/c/include/node.h',
];

test('what only developers open goes, licences and code stay', async () => {
  const modules = await mkdtemp(join(tmpdir(), 'hearth-prune-'));
  for (const name of [...kept, ...dropped]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await writeFile(join(modules, name), '');
  }
  await prunePackages(modules);
  const left = (await readdir(modules, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(left.map((entry) => join(entry.parentPath, entry.name).slice(modules.length + 1)).sort()).toEqual(kept.sort());
  await rm(modules, { recursive: true });
});
