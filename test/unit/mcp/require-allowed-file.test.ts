import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requireAllowedFile } from '../../../daemon/src/mcp/require-allowed-file.ts';

let root: string;
let allowed: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'hearth-allowed-')));
  allowed = join(root, 'allowed');
  for (const folder of ['allowed/below', 'allowed-too', 'elsewhere', '..dots'])
    await mkdir(join(root, folder), { recursive: true });
  for (const file of ['allowed/talk.wav', 'allowed/below/..talk.wav', 'allowed-too/talk.wav', 'elsewhere/talk.wav']) {
    await writeFile(join(root, file), 'sound');
  }
  await symlink(join(root, 'elsewhere', 'talk.wav'), join(allowed, 'out.wav'));
  await symlink(join(root, 'elsewhere'), join(allowed, 'out'));
  await symlink(allowed, join(root, 'in'));
});

afterAll(() => rm(root, { recursive: true }));

test('a file below an allowed folder is found without its links', async () => {
  const talk = join(allowed, 'talk.wav');
  expect(await requireAllowedFile(talk, [allowed])).toBe(talk);
  expect(await requireAllowedFile(join(root, 'in', 'talk.wav'), [allowed])).toBe(talk);
  expect(await requireAllowedFile(talk, ['/nowhere', join(root, 'in')])).toBe(talk);
  expect(await requireAllowedFile(join(allowed, 'below', '..talk.wav'), [`${allowed}/`])).toBe(
    join(allowed, 'below', '..talk.wav'),
  );
  expect(await requireAllowedFile('~/allowed/talk.wav', ['~/allowed'], root)).toBe(talk);
});

test.each([
  'elsewhere/talk.wav',
  'elsewhere/none.wav',
  'allowed-too/talk.wav',
  'allowed/../elsewhere/talk.wav',
  'allowed/out.wav',
  'allowed/out/talk.wav',
  'allowed',
])('%s is outside', async (path) => {
  const refused = requireAllowedFile(`${root}/${path}`, [allowed]);
  await expect(refused).rejects.toMatchObject({
    code: 'FOLDER_NOT_ALLOWED',
    message: expect.stringContaining(`(it has ${allowed})`),
    hint: expect.stringContaining('`mcpFolders`'),
  });
});

test('without folders every file is refused, and the error names the setting', async () => {
  await expect(requireAllowedFile(join(allowed, 'talk.wav'), [])).rejects.toMatchObject({
    code: 'FOLDER_NOT_ALLOWED',
    message: expect.stringContaining('`mcpFolders` (none is set)'),
  });
});

test('a file that is missing in an allowed folder is told to be missing', async () => {
  await expect(requireAllowedFile(join(allowed, 'none.wav'), [allowed])).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});

test.each(['talk.wav', '', '../talk.wav', '/a\0b'])('%j is no absolute path', async (path) => {
  await expect(requireAllowedFile(path, ['/'])).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});
