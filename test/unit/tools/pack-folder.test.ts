import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { list } from 'tar';
import { packFolder } from '../../../tools/package/pack.mjs';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-pack-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** The same files, made in another order, at another time and under another umask. */
async function makeTree(name: string, files: readonly string[], mode: number): Promise<string> {
  const tree = join(folder, name, 'hearth-1');
  await mkdir(join(tree, 'lib'), { recursive: true });
  for (const file of files) {
    await writeFile(join(tree, file), `content of ${file}`);
    await chmod(join(tree, file), file === 'hearth' ? mode | 0o100 : mode);
    await utimes(join(tree, file), mode, mode);
  }
  await symlink('../hearth', join(tree, 'lib', 'link'));
  return tree;
}

test('the same files give the same bytes, whenever and by whomever they were made', async () => {
  const first = await makeTree('first', ['hearth', 'lib/a.js', 'lib/b.js'], 0o600);
  const second = await makeTree('second', ['lib/b.js', 'lib/a.js', 'hearth'], 0o664);
  const hashes = [
    await packFolder({ folder: first, archive: join(folder, 'first.tar.gz') }),
    await packFolder({ folder: second, archive: join(folder, 'second.tar.gz') }),
  ];
  expect(hashes[0]).toBe(hashes[1]);
  expect(await readFile(join(folder, 'first.tar.gz'))).toEqual(await readFile(join(folder, 'second.tar.gz')));
});

test('everything is in one folder, programs can be run and links are links', async () => {
  const tree = await makeTree('tree', ['hearth', 'lib/a.js'], 0o600);
  const archive = join(folder, 'tree.tar.gz');
  await packFolder({ folder: tree, archive });
  const entries: (readonly [string, string, string | undefined])[] = [];
  await list({
    file: archive,
    onReadEntry: ({ path, type, mode }) => void entries.push([path, type, mode?.toString(8)]),
  });
  expect(entries).toEqual([
    ['hearth-1/', 'Directory', '755'],
    ['hearth-1/hearth', 'File', '755'],
    ['hearth-1/lib/', 'Directory', '755'],
    ['hearth-1/lib/a.js', 'File', '644'],
    ['hearth-1/lib/link', 'SymbolicLink', expect.any(String)],
  ]);
});
