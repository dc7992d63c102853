import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { moveRecording } from '../../../../daemon/src/server/watch/move-recording.ts';
import { fingerprintOf } from '../../../../daemon/src/server/watch/recording-content.ts';

let root: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-move-'));
  mkdirSync(join(root, 'watched'));
  path = join(root, 'watched', 'talk.wav');
  writeFileSync(path, 'sound');
});

afterEach(() => rmSync(root, { recursive: true }));

async function transcribed() {
  const { ino, birthtimeMs, size, mtimeMs, ctimeMs } = statSync(path);
  return {
    path,
    node: `${ino}:${birthtimeMs}`,
    size,
    mtimeMs,
    ctimeMs,
    fingerprint: await fingerprintOf({ path, size }),
  };
}

test('a recording is moved, and nothing is left of it', async () => {
  await moveRecording(await transcribed(), join(root, 'done', 'talk.wav'));
  expect(readdirSync(join(root, 'watched'))).toEqual([]);
  expect(readdirSync(join(root, 'done'))).toEqual(['talk.wav']);
});

test('one that is there already, in the same folder by another way, stays', async () => {
  symlinkSync('watched', join(root, 'done'));
  await moveRecording(await transcribed(), join(root, 'done', 'talk.wav'));
  expect(readdirSync(join(root, 'watched'))).toEqual(['talk.wav']);
});

test('a link to the recording in its place keeps its name', async () => {
  mkdirSync(join(root, 'done'));
  symlinkSync(path, join(root, 'done', 'talk.wav'));
  await moveRecording(await transcribed(), join(root, 'done', 'talk.wav'));
  expect(readdirSync(join(root, 'watched'))).toEqual([]);
  expect(readdirSync(join(root, 'done')).sort()).toEqual(['talk 2.wav', 'talk.wav']);
  expect(lstatSync(join(root, 'done', 'talk 2.wav')).isFile()).toBe(true);
});

test('one that was overwritten with the same length and time stays; one that was only touched is moved', async () => {
  utimesSync(path, 5, 5);
  const recording = await transcribed();
  writeFileSync(path, 'other');
  utimesSync(path, 5, 5);
  await moveRecording(recording, join(root, 'done', 'talk.wav'));
  expect([readdirSync(join(root, 'watched')), readdirSync(join(root, 'done'))]).toEqual([['talk.wav'], []]);
  writeFileSync(path, 'sound');
  utimesSync(path, 5, 5);
  await moveRecording(recording, join(root, 'done', 'talk.wav'));
  expect([readdirSync(join(root, 'watched')), readdirSync(join(root, 'done'))]).toEqual([[], ['talk.wav']]);
});
