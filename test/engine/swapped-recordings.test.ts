import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Converter } from '../../daemon/src/converters/converter.ts';
import { findConverters } from '../../daemon/src/converters/find-converters.ts';
import { noSandbox, type Sandbox } from '../../daemon/src/converters/sandbox.ts';
import { openRecording } from '../../daemon/src/engine/audio/open-recording.ts';

// Whoever may write to a folder puts a link to somebody's private recording in the place of their own.
const fixtures = join(import.meta.dirname, '../fixtures/audio');
const [ownSeconds, privateSeconds] = [1.8, 11.0];
const native = createNative();
const system = process.platform;

let root: string;
let temporaryFolder: string;
/** Theirs, in a folder that they may write to. */
let path: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'hearth-swapped-')));
  for (const name of ['temporary', 'shared', 'private']) mkdirSync(join(root, name));
  temporaryFolder = join(root, 'temporary');
  path = join(root, 'shared', 'talk.mp4');
  copyFileSync(join(fixtures, 'brooklyn.mp4'), path);
  copyFileSync(join(fixtures, 'jfk_441khz.m4a'), join(root, 'private', 'talk.mp4'));
});

afterEach(() => {
  Object.defineProperty(process, 'platform', { value: system });
  rmSync(root, { recursive: true });
});

function swapFile(): void {
  rmSync(path);
  symlinkSync(join(root, 'private', 'talk.mp4'), path);
}

function swapFolder(): void {
  renameSync(join(root, 'shared'), join(root, 'before'));
  symlinkSync(join(root, 'private'), join(root, 'shared'));
}

async function secondsOf(request: {
  readonly sandbox?: Sandbox;
  readonly followLinks?: boolean;
  readonly findConverters?: () => Promise<readonly Converter[]>;
}): Promise<number> {
  const { sounds } = await openRecording({ native, path, temporaryFolder, minFreeDiskBytes: 0, ...request });
  const { durationSeconds } = await sounds[0].audio.whole();
  for (const { audio } of sounds) audio.close();
  return durationSeconds;
}

test.each([
  ['the file', swapFile],
  ['its folder', swapFolder],
])('a link in the place of %s is not followed, except for an upload', async (_, swap) => {
  swap();
  await expect(secondsOf({})).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: `Expected a recording at ${path}, got a link, or a way over one.`,
  });
  const converters = await findConverters();
  if (converters.length > 0) expect(await secondsOf({ followLinks: true })).toBeCloseTo(privateSeconds, 0);
});

test.each([
  ['the file', swapFile],
  ['its folder', swapFolder],
])('the addon reads the file that was opened after a link has taken the place of %s', async (_, swap) => {
  copyFileSync(join(fixtures, 'google_brooklyn.flac'), path);
  copyFileSync(join(fixtures, '../../../assets/samples/jfk.flac'), join(root, 'private', 'talk.mp4'));
  const swapping = {
    ...native,
    beginAudio: (request: Parameters<typeof native.beginAudio>[0]) => {
      swap();
      return native.beginAudio(request);
    },
  };
  const { sounds } = await openRecording({ native: swapping, path, temporaryFolder, minFreeDiskBytes: 0 });
  expect((await sounds[0].audio.whole()).durationSeconds).toBeCloseTo(ownSeconds, 0);
  sounds[0].audio.close();
});

// Without a converter on this machine there is nothing to try.
const known = await findConverters();
const testWithConverter = known.length > 0 ? test : test.skip;

testWithConverter.each([
  ['in its sandbox', 'the file', swapFile, {}, undefined],
  ['in its sandbox', 'its folder', swapFolder, {}, undefined],
  ['without one', 'the file', swapFile, { sandbox: noSandbox }, undefined],
  ['without one', 'its folder', swapFolder, { sandbox: noSandbox }, undefined],
  // There a path leads to an open file of Linux's, so a copy is made before the converter begins.
  ['without one, as on macOS,', 'the file', swapFile, { sandbox: noSandbox }, 'darwin'],
] as const)(
  'a converter %s reads the file that was opened after a link has taken the place of %s',
  async (...given) => {
    const [, , swap, request, platform] = given;
    if (platform !== undefined) Object.defineProperty(process, 'platform', { value: platform });
    const seconds = await secondsOf({
      ...request,
      findConverters: async () => {
        swap();
        return known;
      },
    });
    expect(seconds).toBeCloseTo(ownSeconds, 0);
    expect(readdirSync(temporaryFolder)).toEqual([]);
  },
);
