import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openWithoutLinks } from '../../../daemon/src/settings/open-without-links.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'hearth-links-')));
  await mkdir(join(root, 'a folder', 'below'), { recursive: true });
  await writeFile(join(root, 'a folder', 'below', 'talk "one".wav'), 'sound');
});

afterEach(() => rm(root, { recursive: true }));

async function read(...names: readonly string[]): Promise<string> {
  const file = await openWithoutLinks(join(root, ...names));
  return (await file.readFile('utf8').finally(() => file.close())).toString();
}

test('a file is opened by the path of its folders', async () => {
  expect(await read('a folder', 'below', 'talk "one".wav')).toBe('sound');
});

test('neither a link in its place nor one on the way is followed', async () => {
  await symlink(join(root, 'a folder', 'below', 'talk "one".wav'), join(root, 'last'));
  await symlink(join(root, 'a folder'), join(root, 'way'));
  await expect(read('last')).rejects.toMatchObject({ code: 'ELOOP', path: join(root, 'last') });
  await expect(read('way', 'below', 'talk "one".wav')).rejects.toMatchObject({
    code: expect.stringMatching(/^(ELOOP|ENOTDIR)$/),
  });
});

test('what is not there is told, and a pipe is not waited for', async () => {
  await expect(read('a folder', 'gone.wav')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(openWithoutLinks('talk.wav')).rejects.toThrow('Expected an absolute path, got talk.wav.');
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const pipe = await openWithoutLinks(join(root, 'pipe'));
  expect((await pipe.stat()).isFIFO()).toBe(true);
  await pipe.close();
});
