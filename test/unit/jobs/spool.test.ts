import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSpool, type Spool, type SpoolRequest } from '../../../daemon/src/jobs/spool.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-spool-'));
});

afterEach(() => rm(folder, { recursive: true }));

function spoolWith(limits: Partial<SpoolRequest> = {}): Spool {
  return createSpool({ folder, maxUploadBytes: 1000, minFreeDiskBytes: 0, uploadIdleMs: 60_000, ...limits });
}

test('an upload becomes a file that only its owner reads, and goes when told', async () => {
  const spool = spoolWith();
  const path = await spool.receive(Readable.from([Buffer.from('sound')]), null);
  expect(await readFile(path, 'utf8')).toBe('sound');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await spool.remove(path);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['nothing', () => Readable.from([]), 'AUDIO_EMPTY'],
  ['more than allowed', () => Readable.from([Buffer.alloc(600), Buffer.alloc(600)]), 'AUDIO_TOO_LARGE'],
  ['an end in the middle', () => endsEarly(), 'BODY_INCOMPLETE'],
])('an upload of %s leaves no file', async (_, body, code) => {
  await expect(spoolWith().receive(body(), 100)).rejects.toMatchObject({ code });
  expect(await readdir(folder)).toEqual([]);
});

function endsEarly(): Readable {
  const body = new PassThrough();
  body.write('some');
  setImmediate(() => body.destroy());
  return body;
}

test('an upload that stops coming is given up', async () => {
  const stalled = new PassThrough();
  stalled.write('some');
  const received = spoolWith({ uploadIdleMs: 20 }).receive(stalled, null);
  await expect(received).rejects.toMatchObject({ code: 'BODY_INCOMPLETE', message: expect.stringContaining('0.02 s') });
  expect(await readdir(folder)).toEqual([]);
});

test('what says beforehand that it is too large is refused beforehand', async () => {
  await expect(spoolWith().requireRoomFor(1001)).rejects.toMatchObject({ code: 'AUDIO_TOO_LARGE' });
});

test('a disk that would get too full refuses, before and while an upload comes', async () => {
  const spool = spoolWith({ minFreeDiskBytes: 2 ** 60, maxUploadBytes: 2 ** 30 });
  await expect(spool.requireRoomFor(1)).rejects.toMatchObject({ code: 'DISK_FULL' });
  const large = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024)));
  await expect(spool.receive(large, null)).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(await readdir(folder)).toEqual([]);
});

test('a sweep removes what another daemon left', async () => {
  const spool = spoolWith();
  await spool.receive(Readable.from(['left']), null);
  await spool.sweep();
  expect(await readdir(folder)).toEqual([]);
});
