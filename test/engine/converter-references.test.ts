import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { convertRecording } from '../../daemon/src/converters/convert-recording.ts';
import { createFfmpeg } from '../../daemon/src/converters/ffmpeg.ts';
import { noSandbox, systemSandbox } from '../../daemon/src/converters/sandbox.ts';
import { openRecording } from '../../daemon/src/engine/audio/open-recording.ts';
import { recordingPath } from './support/recordings.ts';
import { referenceFiles } from './support/reference-files.ts';
import { testConverters } from './support/test-converters.ts';

/** Files that name another file, a pipe or an address: nothing but the file itself is ever opened. */
const converters = await testConverters();
const native = createNative();
const limits = { idleMs: 600_000, totalMs: 600_000, maxOutputBytes: 1 << 24, minFreeDiskBytes: 0 };
const longAgo = new Date('2001-01-01');

let folder: string;
let secret: string;
let pipe: string;
let server: Server;
let requests = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-references-'));
  secret = join(folder, 'private.m4a');
  await copyFile(recordingPath('jfk_441khz.m4a'), secret);
  pipe = join(folder, 'pipe.m4a');
  spawnSync('mkfifo', [pipe]);
  server = createServer((_, response) => {
    requests += 1;
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Whether the named file was read: by its time of access, which is put far back before. */
async function readsSecret(act: () => Promise<unknown>): Promise<boolean> {
  await utimes(secret, longAgo, longAgo);
  await act();
  return (await stat(secret)).atimeMs !== longAgo.getTime();
}

/** A pipe that nobody writes to holds whoever opens it. */
function targets(): readonly string[] {
  const { port } = server.address() as AddressInfo;
  return [secret, `file:${secret}`, `file:${pipe}`, `http://127.0.0.1:${port}/private.m4a`];
}

test('reading a file is noticed by its time of access', async () => {
  expect(await readsSecret(() => copyFile(secret, join(folder, 'copy')))).toBe(true);
});

// Without ffmpeg, Python or a network there is nothing that could open a file.
const describeWhere = converters.length > 0 ? describe : describe.skip;
const noConverter = createFfmpeg('no converter here');

const liveFiles = referenceFiles.filter(({ isLive }) => isLive);

describeWhere.each(converters.length > 0 ? converters : [noConverter])('$executable', (converter) => {
  /** As somebody types it, without anything that holds it to one file. */
  const plain = (path: string) => ['-nostdin', '-v', 'quiet', '-i', path, '-f', 'null', '-'];

  test.each(liveFiles)('opens what $name names, when nothing keeps it from', async ({ name, bytes }) => {
    const path = join(folder, 'live.m3u8');
    await writeFile(path, bytes(name.includes('concat') ? 'private.m4a' : `file:${secret}`));
    expect(await readsSecret(async () => spawnSync(converter.executable, plain(path)))).toBe(true);
  });

  // The second wall: it holds though the arguments do not.
  const hasSandbox = systemSandbox().name !== 'none';
  (hasSandbox ? test : test.skip).each(liveFiles)(
    'cannot open what $name names in the sandbox',
    async ({ name, bytes }) => {
      const path = join(folder, 'live.m3u8');
      await writeFile(path, bytes(name.includes('concat') ? 'private.m4a' : `file:${secret}`));
      const { executable, arguments: given } = systemSandbox().confine({
        executable: converter.executable,
        arguments: plain(path),
        inputPath: path,
        outputPath: null,
      });
      expect(await readsSecret(async () => spawnSync(executable, given))).toBe(false);
    },
  );

  test.each(referenceFiles)('does not open what $name names', async ({ bytes }) => {
    for (const [target, format] of [...targets().map((target) => [target, null] as const), [secret, 'mp4'] as const]) {
      const inputPath = join(folder, 'reference%01d');
      const outputPath = join(folder, 'converted.wav');
      await writeFile(inputPath, bytes(target));
      const conversion = {
        inputPath,
        outputPath,
        format,
        track: null,
        keepsChannels: false,
        keepsClock: true,
        delaySeconds: 0,
      };
      const isRead = await readsSecret(async () => {
        const outcome = convertRecording({ converter, conversion, sandbox: noSandbox, limits });
        // What a table of sound points at in the file itself may be read; a pipe would use up the time.
        await outcome.catch((error: Error) => expect(error.message).not.toContain('in time'));
        await rm(outputPath, { force: true });
      });
      expect({ target, format, isRead }).toEqual({ target, format, isRead: false });
    }
    expect(requests).toBe(0);
  });

  test.each(referenceFiles)('$name is refused as a recording', async ({ bytes }) => {
    const path = join(folder, 'upload');
    await writeFile(path, bytes(`file:${secret}`));
    const opening = () =>
      openRecording({
        native,
        path,
        temporaryFolder: folder,
        minFreeDiskBytes: 0,
        findConverters: async () => [converter],
      });
    const refused = () => expect(opening()).rejects.toMatchObject({ code: expect.stringMatching(/^AUDIO_/) });
    expect(await readsSecret(refused)).toBe(false);
  });
});
