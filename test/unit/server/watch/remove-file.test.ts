import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { moveRecording } from '../../../../daemon/src/server/watch/move-recording.ts';
import { fingerprintOf } from '../../../../daemon/src/server/watch/recording-content.ts';
import { giveBackTaken, removeFile } from '../../../../daemon/src/server/watch/remove-file.ts';

let root: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-remove-'));
  path = join(root, 'talk.wav');
  writeFileSync(path, 'sound');
});

afterEach(() => rmSync(root, { recursive: true }));

/** As recorders and editors save. */
function saveAnew(content: string): void {
  writeFileSync(join(root, '.new'), content);
  renameSync(join(root, '.new'), path);
}

test('a file is removed', async () => {
  expect(await removeFile(path, () => true)).toBe(true);
  expect(readdirSync(root)).toEqual([]);
});

test('one that is saved anew between the look and the removal stays under its name', async () => {
  const { ino } = lstatSync(path);
  saveAnew('another');
  expect(await removeFile(path, (found) => found.ino === ino)).toBe(false);
  expect([readdirSync(root), readFileSync(path, 'utf8')]).toEqual([['talk.wav'], 'another']);
});

test('one whose name somebody takes meanwhile stays under a number', async () => {
  const isWanted = () => {
    writeFileSync(path, 'a third');
    return false;
  };
  expect(await removeFile(path, isWanted)).toBe(false);
  expect(readdirSync(root).sort()).toEqual(['talk 2.wav', 'talk.wav']);
  expect(readFileSync(path, 'utf8')).toBe('a third');
  expect(readFileSync(join(root, 'talk 2.wav'), 'utf8')).toBe('sound');
});

/** What a kill leaves between the two steps. */
async function beginToRemove(): Promise<void> {
  const killed = () => {
    throw new Error('killed');
  };
  await expect(removeFile(path, killed)).rejects.toThrow('killed');
  expect(readdirSync(root)).not.toContain('talk.wav');
}

test('after a kill in between, the file has its name again', async () => {
  await beginToRemove();
  await giveBackTaken(path);
  expect(readdirSync(root)).toEqual(['talk.wav']);
  await giveBackTaken(path);
  expect(readFileSync(path, 'utf8')).toBe('sound');
});

test('a recording whose move was killed in between is moved, and another one that was taken stays', async () => {
  const { ino, birthtimeMs, size, mtimeMs, ctimeMs } = lstatSync(path);
  const fingerprint = await fingerprintOf({ path, size });
  const recording = { path, node: `${ino}:${birthtimeMs}`, size, mtimeMs, ctimeMs, fingerprint };
  mkdirSync(join(root, 'done'));
  await beginToRemove();
  await moveRecording(recording, join(root, 'done', 'talk.wav'));
  expect([readdirSync(root), readdirSync(join(root, 'done'))]).toEqual([['done'], ['talk.wav']]);
  saveAnew('other');
  await beginToRemove();
  await moveRecording(recording, join(root, 'done', 'talk.wav'));
  expect([readdirSync(root).sort(), readFileSync(path, 'utf8')]).toEqual([['done', 'talk.wav'], 'other']);
});
