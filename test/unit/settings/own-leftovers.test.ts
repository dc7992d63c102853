import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ownLeftovers } from '../../../daemon/src/settings/own-leftovers.ts';

let folder: string;
const names = /^ours-\d$/;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-leftovers-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('only files by our own names are ours, and no links', async () => {
  await writeFile(join(folder, 'ours-1'), '');
  await writeFile(join(folder, 'letter.txt'), '');
  await writeFile(join(folder, 'ours-1.txt'), '');
  await mkdir(join(folder, 'ours-2'));
  await symlink('ours-1', join(folder, 'ours-3'));
  expect(await ownLeftovers(folder, { names, kind: 'file' })).toEqual([join(folder, 'ours-1')]);
  expect(await ownLeftovers(folder, { names, kind: 'folder' })).toEqual([join(folder, 'ours-2')]);
});

test('nothing in a folder that is a link is ours', async () => {
  await mkdir(join(folder, 'disk'));
  await writeFile(join(folder, 'disk', 'ours-1'), '');
  await symlink('disk', join(folder, 'spool'));
  expect(await ownLeftovers(join(folder, 'spool'), { names, kind: 'file' })).toEqual([]);
});
