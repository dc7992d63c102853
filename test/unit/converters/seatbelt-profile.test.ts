import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { seatbeltProfile } from '../../../daemon/src/converters/seatbelt-profile.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hearth-seatbelt-')));
});

afterEach(() => rm(folder, { recursive: true }));

test('one recording is read, one file is written, and there is no network', async () => {
  const inputPath = join(folder, 'upload');
  await writeFile(inputPath, '');
  const outputPath = join(folder, 'converted.wav');
  const profile = seatbeltProfile({ executable: '/usr/bin/afconvert', inputPath, outputPath });
  expect(profile.split('\n')).toEqual([
    '(version 1)',
    '(allow default)',
    '(deny network*)',
    '(deny file-write*)',
    expect.stringMatching(/^\(deny file-read-data \(subpath "\/Users"\) .*\(subpath "\/private\/tmp"\)/),
    expect.stringContaining('(subpath "/usr/lib")'),
    expect.stringContaining(`(literal "${inputPath}")`),
    '(allow file-write-data (literal "/dev/null"))',
    `(allow file-write* (literal "${outputPath}"))`,
  ]);
});

test('a link in the place of the recording leads to nothing that may be read, and no path can end its own quotes', async () => {
  const inputPath = join(folder, 'a "quoted" \\ name');
  await writeFile(join(folder, 'private'), '');
  await symlink(join(folder, 'private'), inputPath);
  const profile = seatbeltProfile({ executable: '/opt/ffmpeg', inputPath, outputPath: null });
  expect(profile).toContain(`(literal "${folder}/a \\"quoted\\" \\\\ name")`);
  expect(profile).not.toContain('/private")');
  expect(profile).not.toContain('file-write* (literal');
});
