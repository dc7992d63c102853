import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { homeWarning, prepareHome } from '../../../../daemon/src/server/life/prepare-home.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-home-'));
});

afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

test('a home is made for its owner alone, also by many at once', async () => {
  const home = join(folder, 'state', 'hearth');
  await Promise.all(Array.from({ length: 16 }, () => prepareHome(home)));
  expect(await modeOf(home)).toBe(0o700);
  expect(await readdir(home)).toEqual([]);
  expect(await homeWarning(home)).toBeNull();
});

test.each([0o755, 0o750, 0o775, 0o1777])('a home that was there keeps its mode %o, and is told', async (mode) => {
  const home = join(folder, 'home');
  await mkdir(home);
  await chmod(home, mode);
  await prepareHome(home);
  expect(await modeOf(home)).toBe(mode);
  expect(await homeWarning(home)).toContain('is open to other users');
});

test('a home in which every user can replace files is refused', async () => {
  const home = join(folder, 'home');
  await mkdir(home);
  await chmod(home, 0o777);
  await expect(prepareHome(home)).rejects.toMatchObject({ hint: expect.stringContaining('chmod o-w') });
  expect(await modeOf(home)).toBe(0o777);
});

test('a home under a file is refused', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(prepareHome(join(folder, 'file', 'home'))).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
});
