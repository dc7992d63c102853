import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStamps } from '../../../setup/stamps.mjs';

let folder: string;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-stamps-'));
  output = join(folder, 'made');
  await writeFile(output, '');
});

afterEach(() => rm(folder, { recursive: true }));

test('a step is current while its inputs are the same and what it made is there', async () => {
  const stamps = openStamps(join(folder, 'state'));
  const isCurrent = (inputs: string) => stamps.isCurrent({ name: 'addon', inputs, outputs: [output] });
  expect(await isCurrent('a')).toBe(false);
  await stamps.write({ name: 'addon', inputs: 'a' });
  expect(await isCurrent('a')).toBe(true);
  expect(await isCurrent('b')).toBe(false);
  expect(await readdir(join(folder, 'state'))).toEqual(['addon.stamp']);
  await rm(output);
  expect(await isCurrent('a')).toBe(false);
});

test('a step that is begun anew is not current until it has succeeded', async () => {
  const stamps = openStamps(folder);
  await stamps.write({ name: 'addon', inputs: 'a' });
  await stamps.remove('addon');
  expect(await stamps.isCurrent({ name: 'addon', inputs: 'a', outputs: [output] })).toBe(false);
});
