import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeFile } from '../../../../daemon/src/server/http/receive-recording.ts';
import { createSpool } from '../../../../daemon/src/server/jobs/create-spool.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hearth-receive-')));
  await writeFile(join(folder, 'private.wav'), 'sound');
  await symlink(join(folder, 'private.wav'), join(folder, 'talk.wav'));
});

afterEach(() => rm(folder, { recursive: true }));

test('links are followed once at most, and not at all where the path was checked before', async () => {
  const spool = createSpool({
    ...{ folder: join(folder, 'spool'), lostFolder: join(folder, 'lost') },
    limits: () => ({ maxUploadBytes: 100, minFreeDiskBytes: 0, uploadIdleSeconds: 1 }),
  });
  const path = join(folder, 'talk.wav');
  expect(await takeFile(spool, path, { durable: false })).toMatchObject({ audioPath: join(folder, 'private.wav') });
  const refused = takeFile(spool, path, { durable: false, followLinks: false });
  await expect(refused).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});
