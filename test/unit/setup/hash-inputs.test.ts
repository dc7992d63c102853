import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hashInputs } from '../../../setup/hash-inputs.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hearth-hash-'));
  await mkdir(join(root, 'src'));
  await writeFile(join(root, 'src', 'a.cc'), 'one');
});

afterEach(() => rm(root, { recursive: true }));

const hash = (values: string[] = []) => hashInputs({ root, paths: ['src', 'file.txt'], values });

test('times do not count, so that a fresh checkout of the same sources does nothing twice', async () => {
  const before = await hash();
  await utimes(join(root, 'src', 'a.cc'), 1, 1);
  expect(await hash()).toBe(before);
});

test('contents, names, additions and values count', async () => {
  const seen = [await hash()];
  await writeFile(join(root, 'src', 'a.cc'), 'two');
  seen.push(await hash());
  await rename(join(root, 'src', 'a.cc'), join(root, 'src', 'b.cc'));
  seen.push(await hash());
  await writeFile(join(root, 'file.txt'), '');
  seen.push(await hash());
  seen.push(await hash(['another compiler']));
  expect(new Set(seen).size).toBe(seen.length);
});
