import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openRotatingFile } from '../../../daemon/src/log/rotating-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
  path = join(folder, 'log');
});

afterEach(() => rm(folder, { recursive: true }));

test('a full file moves aside, the newest of the kept first, and the oldest goes', async () => {
  const file = openRotatingFile({ path, maxBytes: 4, keptFiles: 2 });
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) file.write(line);
  file.close();
  expect((await readdir(folder)).sort()).toEqual(['log', 'log.1', 'log.2']);
  const contents = ['log', 'log.1', 'log.2'].map((name) => readFile(join(folder, name), 'utf8'));
  expect(await Promise.all(contents)).toEqual(['four\n', 'three\n', 'two\n']);
});

test('what an earlier daemon wrote counts', async () => {
  await writeFile(path, 'full');
  const file = openRotatingFile({ path, maxBytes: 4, keptFiles: 1 });
  file.write('next');
  file.close();
  expect(await readFile(`${path}.1`, 'utf8')).toBe('full');
});

test('when it cannot move aside, lines are lost until it can', async () => {
  await mkdir(join(folder, 'log.1', 'in the way'), { recursive: true });
  const file = openRotatingFile({ path, maxBytes: 4, keptFiles: 1 });
  for (const line of ['kept', 'lost']) file.write(line);
  await rm(join(folder, 'log.1'), { recursive: true });
  file.write('next');
  file.close();
  expect([await readFile(`${path}.1`, 'utf8'), await readFile(path, 'utf8')]).toEqual(['kept', 'next']);
});

(existsSync('/dev/full') ? test : test.skip)('a full disk loses lines and nothing else', async () => {
  await symlink('/dev/full', path);
  const file = openRotatingFile({ path, maxBytes: 4, keptFiles: 1 });
  expect(() => file.write('lost')).not.toThrow();
  file.close();
});

test('a pipe in the place of the file is refused and not waited for', () => {
  execFileSync('mkfifo', [path]);
  expect(() => openRotatingFile({ path, maxBytes: 4, keptFiles: 1 })).toThrow('ENXIO');
});
