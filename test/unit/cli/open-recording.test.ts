import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openRecording } from '../../../daemon/src/cli/open-recording.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-open-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('a file is sent whole, with its length', async () => {
  const path = join(folder, 'a.wav');
  await writeFile(path, 'sound');
  const { audio, byteCount } = await openRecording(path);
  expect(byteCount).toBe(5);
  expect(String(await buffer(audio))).toBe('sound');
});

test('a file that grows while it is open is sent as far as it was announced', async () => {
  const path = join(folder, 'a.wav');
  await writeFile(path, 'sound');
  const { audio } = await openRecording(path);
  await writeFile(path, ' and more', { flag: 'a' });
  expect(String(await buffer(audio))).toBe('sound');
});

test('what is not there, a folder and an empty file are each named for what they are', async () => {
  const missing = join(folder, 'missing.wav');
  await expect(openRecording(missing)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(openRecording(folder)).rejects.toMatchObject({ code: 'FILE_IS_DIRECTORY' });
  const empty = join(folder, 'empty.wav');
  await writeFile(empty, '');
  await expect(openRecording(empty)).rejects.toMatchObject({
    code: 'AUDIO_EMPTY',
    message: `${empty} is empty.`,
  });
});

test('standard input is read from its first byte, and is an error when it has none', async () => {
  const full = Readable.from([Buffer.from('so'), Buffer.from('und')]) as NodeJS.ReadStream;
  expect(String(await buffer((await openRecording('-', { stdin: full })).audio))).toBe('sound');
  const empty = Readable.from([]) as NodeJS.ReadStream;
  await expect(openRecording('-', { stdin: empty })).rejects.toMatchObject({
    code: 'AUDIO_EMPTY',
    message: 'Standard input is empty.',
  });
});

test('a named pipe is read from the moment on that a program writes to it, to the end', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const opened = openRecording(path);
  const writer = await open(path, 'w');
  await writer.writeFile('so');
  const { audio, byteCount } = await opened;
  expect(byteCount).toBeNull();
  const whole = buffer(audio);
  await writer.writeFile('und');
  await writer.close();
  expect(String(await whole)).toBe('sound');
});

test('one who waits for a named pipe that nobody writes to can cancel', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const cancelling = new AbortController();
  const opened = openRecording(path, { signal: cancelling.signal });
  setImmediate(() => cancelling.abort());
  await expect(opened).rejects.toMatchObject({
    code: 'CANCELLED',
    message: 'Cancelled while no program was writing to the pipe.',
  });
});

test('a terminal is not taken for a recording', async () => {
  const terminal = { isTTY: true } as NodeJS.ReadStream;
  await expect(openRecording('-', { stdin: terminal })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});
