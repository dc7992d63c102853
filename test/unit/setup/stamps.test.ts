import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStamps } from '../../../setup/stamps.mjs';

let folder: string;
let list: string;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-stamps-'));
  list = join(folder, 'linux-x64.txt');
  output = join(folder, 'unpacked');
  await writeFile(list, 'mlx-cpu==1.0');
  await writeFile(output, '');
});

afterEach(() => rm(folder, { recursive: true }));

function openLibraries() {
  const stamps = openStamps(join(folder, 'state'));
  const step = { name: 'libraries', pinnedBy: [list], outputs: [output] };
  return {
    isCurrent: () => stamps.isCurrent(step),
    write: () => stamps.write(step),
    remove: () => stamps.remove('libraries'),
  };
}

test('a step is current while its list is the same and what it made is there', async () => {
  const libraries = openLibraries();
  expect(await libraries.isCurrent()).toBe(false);
  await libraries.write();
  expect(await libraries.isCurrent()).toBe(true);
  expect(await readdir(join(folder, 'state'))).toEqual(['libraries.stamp']);

  await writeFile(list, 'mlx-cpu==1.1');
  expect(await libraries.isCurrent()).toBe(false);
  await writeFile(list, 'mlx-cpu==1.0');
  await rm(output);
  expect(await libraries.isCurrent()).toBe(false);
});

test('a step that has started again is not current until it succeeds', async () => {
  const libraries = openLibraries();
  await libraries.write();
  await libraries.remove();
  expect(await libraries.isCurrent()).toBe(false);
});
