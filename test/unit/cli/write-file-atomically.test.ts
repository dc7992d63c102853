import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFileAtomically } from '../../../daemon/src/cli/write-file-atomically.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-write-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('an older file is replaced', async () => {
  const path = join(folder, 'a.txt');
  await writeFile(path, 'old and longer');
  await writeFileAtomically(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
});

test('a place that cannot be written is named, and nothing is left beside it', async () => {
  const path = join(folder, 'a.txt');
  await mkdir(path);
  await expect(writeFileAtomically(path, 'new')).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITABLE',
    message: expect.stringContaining(path),
  });
  expect(await readdir(folder)).toEqual(['a.txt']);
});
