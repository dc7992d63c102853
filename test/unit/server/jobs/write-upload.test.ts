import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { uploadError, type WriteUploadRequest, writeUpload } from '../../../../daemon/src/server/jobs/write-upload.ts';

let file: FileHandle;

afterEach(() => file.close());

async function write(path: string, body: Readable, request: Partial<WriteUploadRequest> = {}): Promise<number> {
  file = await open(path, 'w');
  return writeUpload({
    body,
    file,
    announcedBytes: null,
    idleMs: 60_000,
    onBytes: () => undefined,
    requireDisk: async () => undefined,
    ...request,
  });
}

test('the disk is looked at again and again while an upload comes', async () => {
  const looks: number[] = [];
  const body = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(1024 * 1024)));
  const requireDisk = async () => void looks.push(1);
  expect(await write('/dev/null', body, { requireDisk })).toBe(50 * 1024 * 1024);
  expect(looks).toHaveLength(3);
});

test('a refused upload can still be read to its end, so that its connection can be answered', async () => {
  const body = Readable.from(['some', 'more', 'rest']);
  const onBytes = (byteCount: number) => {
    if (byteCount > 4) throw new Error('too large');
  };
  await expect(write('/dev/null', body, { onBytes })).rejects.toThrow('too large');
  expect(body.destroyed).toBe(false);
  expect(await body.toArray()).toEqual(['rest']);
});

test('a connection that breaks is told with what came of what was announced', async () => {
  const body = new PassThrough();
  body.write('some');
  const onBytes = () => void body.destroy();
  await expect(write('/dev/null', body, { announcedBytes: 100, onBytes })).rejects.toMatchObject({
    code: 'BODY_INCOMPLETE',
    message: 'Expected 100 bytes, got the end of the connection after 4 bytes.',
  });
});

// The device that every write finds full is Linux's own.
(existsSync('/dev/full') ? test : test.skip)('a write that finds the disk full says so', async () => {
  const error = await write('/dev/full', Readable.from([Buffer.from('sound')])).catch((thrown) => thrown);
  expect(uploadError(error)).toMatchObject({
    code: 'DISK_FULL',
    message: 'The disk has no room for the upload.',
  });
});
