import { spawnSync } from 'node:child_process';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { bundled } from '../../../setup/steps/bundled-packages.mjs';

const dist = fileURLToPath(new URL('../../../daemon/dist', import.meta.url));
const specifiers = Object.entries(bundled).flatMap(([name, parts]) => parts.map((part) => join(name, part)));

test('the compiled daemon finds each large package of its start in one file', () => {
  // In a process of its own: Jest has its own places for packages.
  const script = `const { resolve } = require('node:module').createRequire(process.argv[1]);
    console.log(process.argv.slice(2).map((each) => resolve(each)).join('\\n'));`;
  const { stdout } = spawnSync(process.execPath, ['-e', script, join(dist, 'server', 'main.js'), ...specifiers], {
    encoding: 'utf8',
  });
  const bundles = join(dist, 'node_modules') + sep;
  expect(stdout.trim().split('\n')).toEqual(specifiers.map((each) => `${join(bundles, each)}${sep}index.mjs`));
});
