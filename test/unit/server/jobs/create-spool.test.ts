import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSpool } from '../../../../daemon/src/server/jobs/create-spool.ts';
import type { KnownUploads, Spool, SpoolLimits, Upload } from '../../../../daemon/src/server/jobs/spool.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-spool-'));
});

afterEach(() => rm(folder, { recursive: true }));

const limits: SpoolLimits = { maxUploadBytes: 1000, minFreeDiskBytes: 0, uploadIdleSeconds: 60 };

function spoolWith(changed: Partial<SpoolLimits> = {}): Spool {
  return createSpool({ folder, lostFolder: join(folder, 'lost'), limits: () => ({ ...limits, ...changed }) });
}

const nothingKnown: KnownUploads = {
  ...{ wanted: new Set(), kept: new Set(), done: new Set(), isIncomplete: false },
};

function upload(body: Readable, rest: Partial<Upload> = {}): Upload {
  return { body, announcedBytes: null, durable: false, leavesReserve: false, ...rest };
}

test('an upload becomes a file that only its owner reads, and goes when told', async () => {
  const spool = spoolWith();
  const { path, byteCount } = await spool.receive(upload(Readable.from([Buffer.from('sound')]), { durable: true }));
  expect(byteCount).toBe(5);
  expect(await readFile(path, 'utf8')).toBe('sound');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await spool.remove(path);
  expect(await readdir(folder)).toEqual([]);
});

test('what nobody here waits for leaves room on the disk to those who wait', async () => {
  const spool = createSpool({
    folder,
    lostFolder: join(folder, 'lost'),
    limits: () => ({ ...limits, maxUploadBytes: 2 ** 30, minFreeDiskBytes: 100 * mebibyte }),
    freeBytes: async () => 149 * mebibyte,
  });
  const large = () => Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(mebibyte)));
  await expect(spool.requireRoomFor(1, true)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining('158 MB'),
  });
  await expect(spool.receive(upload(large(), { leavesReserve: true }))).rejects.toMatchObject({ code: 'DISK_FULL' });
  await expect(spool.grow(Buffer.from('sound'), true)).rejects.toMatchObject({ code: 'DISK_FULL' });
  await spool.requireRoomFor(20 * mebibyte, false);
  const { byteCount } = await spool.receive(upload(large()));
  expect(byteCount).toBe(20 * mebibyte);
  await (await spool.grow(Buffer.from('sound'), false)).close();
});

test.each([
  ['nothing', () => Readable.from([]), 'AUDIO_EMPTY'],
  ['more than allowed', () => Readable.from([Buffer.alloc(600), Buffer.alloc(600)]), 'AUDIO_TOO_LARGE'],
  ['an end in the middle', () => endsEarly(), 'BODY_INCOMPLETE'],
])('an upload of %s leaves no file', async (_, body, code) => {
  await expect(spoolWith().receive(upload(body(), { announcedBytes: 100 }))).rejects.toMatchObject({ code });
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
  const received = spoolWith({ uploadIdleSeconds: 0.02 }).receive(upload(stalled));
  await expect(received).rejects.toMatchObject({ code: 'BODY_INCOMPLETE', message: expect.stringContaining('0.02 s') });
  expect(await readdir(folder)).toEqual([]);
});

test('what says beforehand that it is too large is refused beforehand', async () => {
  await expect(spoolWith().requireRoomFor(1001, false)).rejects.toMatchObject({ code: 'AUDIO_TOO_LARGE' });
});

test('a disk that would get too full refuses, before and while an upload comes', async () => {
  const spool = spoolWith({ minFreeDiskBytes: 2 ** 60, maxUploadBytes: 2 ** 30 });
  await expect(spool.requireRoomFor(1, false)).rejects.toMatchObject({ code: 'DISK_FULL' });
  const large = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024)));
  await expect(spool.receive(upload(large))).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(await readdir(folder)).toEqual([]);
});

const mebibyte = 2 ** 20;

function spoolOnDisk(freeBytes: number): Spool {
  const generous = { ...limits, maxUploadBytes: 2 ** 50 };
  return createSpool({
    folder,
    lostFolder: join(folder, 'lost'),
    limits: () => generous,
    freeBytes: async () => freeBytes,
  });
}

async function untilHere(byteCount: number): Promise<void> {
  for (;;) {
    const files = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))));
    if (files.reduce((sum, { size }) => sum + size, 0) === byteCount) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('of what an upload has announced, as much as has come of it is taken off the free space', async () => {
  const spool = spoolOnDisk(8 * mebibyte);
  const body = new PassThrough();
  const received = spool.receive(upload(body, { announcedBytes: 100 * mebibyte }));
  await untilHere(0);
  await spool.requireRoomFor(7 * mebibyte, false);
  body.write(Buffer.alloc(4 * mebibyte));
  await untilHere(4 * mebibyte);
  await spool.requireRoomFor(4 * mebibyte, false);
  await expect(spool.requireRoomFor(5 * mebibyte, false)).rejects.toMatchObject({ code: 'DISK_FULL' });
  body.destroy();
  await expect(received).rejects.toMatchObject({ code: 'BODY_INCOMPLETE' });
  await spool.requireRoomFor(8 * mebibyte, false);
});

test('uploads that announce more than the disk holds and send nothing leave room for others', async () => {
  const spool = spoolOnDisk(20 * mebibyte);
  const bodies = Array.from({ length: 8 }, () => new PassThrough());
  const received = bodies.map((body) => spool.receive(upload(body, { announcedBytes: 2 ** 49 })));
  while ((await readdir(folder)).length < bodies.length) await new Promise((resolve) => setImmediate(resolve));
  await spool.requireRoomFor(10 * mebibyte, false);
  const live = await spool.grow(Buffer.from('sound'), false);
  await live.close();
  for (const body of bodies) body.destroy();
  await Promise.allSettled(received);
});

test('a sweep leaves what is not an upload of ours, and a folder that is a link', async () => {
  await writeFile(join(folder, 'photo.jpg'), '');
  await mkdir(join(folder, '0b0e3c2e-1d6f-4c8e-9b0a-0123456789ab'));
  await spoolWith().sweep(nothingKnown);
  expect(await readdir(folder)).toEqual(['0b0e3c2e-1d6f-4c8e-9b0a-0123456789ab', 'photo.jpg']);

  await symlink(folder, join(folder, 'spool'));
  const linked = createSpool({ folder: join(folder, 'spool'), lostFolder: join(folder, 'lost'), limits: () => limits });
  const { path } = await linked.receive(upload(Readable.from(['on another disk'])));
  await linked.sweep(nothingKnown);
  expect(await readFile(path, 'utf8')).toBe('on another disk');
});

test('a sweep removes what another daemon left, but not what it promised', async () => {
  const spool = spoolWith();
  await spool.receive(upload(Readable.from(['left'])));
  const promised = await spool.receive(upload(Readable.from(['promised'])));
  await spool.sweep({ ...nothingKnown, wanted: new Set([promised.path]) });
  expect(await readdir(folder)).toEqual([basename(promised.path)]);
});

test('an upload that was promised and has no job any more is kept where its owner finds it, and told until it is gone', async () => {
  const spool = spoolWith();
  const [lost, done, left] = await Promise.all(
    ['lost', 'done', 'left'].map((text) => spool.receive(upload(Readable.from([text])))),
  );
  if (lost === undefined || done === undefined || left === undefined) throw new Error('Expected three uploads.');
  for (const { path } of [lost, done]) await spool.markAsPromised(path);
  const next = spoolWith();
  expect(next.warnings()).toEqual([]);
  await next.sweep({ ...nothingKnown, done: new Set([done.path]) });
  expect(await readdir(folder)).toEqual(['lost']);
  const kept = join(folder, 'lost', basename(lost.path));
  expect(await readFile(kept, 'utf8')).toBe('lost');
  expect(next.warnings()).toEqual([
    `Recordings without their transcripts are in ${join(folder, 'lost')}: 1. Transcribe them again, then delete them there.`,
  ]);
  await next.sweep(nothingKnown);
  expect(await readdir(join(folder, 'lost'))).toHaveLength(1);
  await rm(kept);
  expect(next.warnings()).toEqual([]);
});

test.each([
  ['a file has its name', (lost: string) => writeFile(lost, 'mine')],
  ['it is a link to nowhere', (lost: string) => symlink('/nowhere/at/all', lost)],
])(
  'where nothing can be put into the folder of lost recordings, since %s, they stay and are told',
  async (_, block) => {
    await block(join(folder, 'lost'));
    const spool = spoolWith();
    const [failed, orphan] = await Promise.all(
      ['failed', 'orphan'].map((text) => spool.receive(upload(Readable.from([text])))),
    );
    if (failed === undefined || orphan === undefined) throw new Error('Expected two uploads.');
    for (const { path } of [failed, orphan]) await spool.markAsPromised(path);
    const kept = await spool.keepAsLost(failed.path);
    expect(kept).toBe(`${failed.path}.kept`);
    for (let start = 0; start < 2; start++) await spoolWith().sweep({ ...nothingKnown, done: new Set([failed.path]) });
    expect(await readFile(`${failed.path}.kept`, 'utf8')).toBe('failed');
    expect(await readFile(`${orphan.path}.kept`, 'utf8')).toBe('orphan');
    expect(spool.warnings()).toEqual([
      expect.stringMatching(
        /^Recordings without their transcripts are in .*, since they could not be moved to .*lost: 2\./,
      ),
    ]);
  },
);

test('a recording that was kept is found, kept again, and removed once its job is done after all', async () => {
  const spool = spoolWith();
  const { path } = await spool.receive(upload(Readable.from(['sound'])));
  const kept = join(folder, 'lost', basename(path));
  expect([await spool.find(path), await spool.keepAsLost(path)]).toEqual([path, kept]);
  const next = spoolWith();
  expect([await next.find(path), await next.keepAsLost(kept), await next.keepAsLost(path)]).toEqual([kept, kept, kept]);
  await next.remove(kept);
  expect([await next.keepAsLost(path), next.warnings()]).toEqual([null, []]);
});

test('a clone of a recording that may only be read is not taken for a promised upload', async () => {
  for (const [index, mode] of [0o400, 0o600, 0o640, 0o444, 0o755].entries()) {
    const path = join(folder, `0b0e3c2e-1d6f-4c8e-9b0a-01234567890${index}`);
    await writeFile(path, 'cloned');
    await chmod(path, mode);
  }
  const spool = spoolWith();
  await spool.sweep(nothingKnown);
  expect([await readdir(folder), spool.warnings()]).toEqual([[], []]);
});

test('where jobs were lost no upload without a job is removed', async () => {
  const spool = spoolWith();
  const { path } = await spool.receive(upload(Readable.from(['perhaps promised'])));
  await spool.sweep({ ...nothingKnown, isIncomplete: true });
  expect(await readdir(join(folder, 'lost'))).toEqual([basename(path)]);
});
