import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { recorderCommands } from '../../../daemon/src/recorder/recorder-commands.ts';
import { startRecorder } from '../../../daemon/src/recorder/start-recorder.ts';
import { pathOf } from '../../engine/fork-engine.ts';

const voice = pathOf('test/fixtures/audio/pocketsphinx_cards_001.wav');
const { TMPDIR: temporaryFolder } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-recorder-'));
  process.env['TMPDIR'] = folder;
});

afterEach(() => {
  if (temporaryFolder === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporaryFolder;
  rmSync(folder, { recursive: true });
});

/** A Mac with no recorder but its own, which hears a voice. */
function macOf(heard: string) {
  const standIn = `exec '${process.execPath}' '${pathOf('test/stand-ins/osascript.mjs')}' '${heard}' "$@"`;
  writeFileSync(join(folder, 'osascript'), `#!/bin/sh\n${standIn}\n`, { mode: 0o755 });
  return { device: null, platform: 'darwin', environment: { PATH: folder } } as const;
}

test('a Mac without sox and ffmpeg records with its own recorder, whose file is followed to its end', async () => {
  const recorder = await startRecorder(macOf(voice));
  expect(recorder.program).toBe('osascript');
  const samples = readFileSync(voice).subarray(44);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of recorder.sound) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= samples.length) recorder.stop();
  }
  const sound = Buffer.concat(pieces);
  expect(sound.subarray(0, samples.length).equals(samples)).toBe(true);
  expect(sound.subarray(-4).toString()).toBe('last');
  expect(await recorder.ended).toBeNull();
  expect(readdirSync(folder)).toEqual(['osascript']);
});

test('what its recorder says where there is no microphone is told', async () => {
  await expect(startRecorder(macOf('none'))).rejects.toMatchObject({
    code: 'RECORDER_FAILED',
    message: expect.stringContaining('The recorder osascript ended. It said: execution error: Error: The microphone'),
  });
});

test('without our own recorder, another microphone than the usual needs sox or ffmpeg', async () => {
  const commands = recorderCommands('darwin', 'Desk').filter(({ program }) => !isAbsolute(program));
  const asked = startRecorder({ ...macOf(voice), device: 'Desk', commands });
  await expect(asked).rejects.toMatchObject({ code: 'RECORDER_NOT_FOUND', hint: 'Install one: brew install sox.' });
});
