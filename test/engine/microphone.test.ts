import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Recorder, startRecorder } from '../../daemon/src/recorder/start-recorder.ts';
import { pathOf } from './fork-engine.ts';

const program = pathOf('native/build/Release/hearth-microphone');
/** Audio Queue Services as Apple documents them (native/test/microphone). */
const audioToolbox = pathOf('native/build/Release/audio_queue_stand_in.so');
const voice = pathOf('test/fixtures/audio/pocketsphinx_cards_001.wav');
const samples = readFileSync(voice).subarray(44);
const secondBytes = 32_000;
const isMac = process.platform === 'darwin';
const describeWhere = isMac ? describe.skip : describe;

let folder: string;
let log: string;
let started: Recorder[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-microphone-'));
  log = join(folder, 'log');
  started = [];
});

afterEach(() => {
  for (const recorder of started) recorder.stop();
  rmSync(folder, { recursive: true });
});

/** What the microphone hears and does, as the stand-in is told. */
function environmentOf(settings: Readonly<Record<string, string>>) {
  return { STAND_IN_SOUND: voice, STAND_IN_LOG: log, PATH: folder, ...settings };
}

async function record(settings: Readonly<Record<string, string>>, ...others: readonly string[]): Promise<Recorder> {
  return start(settings, [], others);
}

async function start(
  settings: Readonly<Record<string, string>>,
  values: readonly string[],
  others: readonly string[] = [],
): Promise<Recorder> {
  const commands = [
    { program, values: [...values, audioToolbox], advice: '' },
    ...others.map((each) => ({ program: each, values: [], advice: '' })),
  ];
  const recorder = await startRecorder({ device: null, environment: environmentOf(settings), commands });
  started.push(recorder);
  return recorder;
}

/** The sound up to the end of the recording, which ends once `bytes` of it have come. */
async function listen(recorder: Recorder, bytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let heard = 0;
  for await (const piece of recorder.sound) {
    pieces.push(piece);
    heard += piece.length;
    if (heard >= bytes) recorder.stop();
  }
  return Buffer.concat(pieces);
}

function logged(): readonly string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

function wavOf(...sound: readonly Uint8Array[]): string {
  const path = join(folder, 'heard.wav');
  writeFileSync(path, Buffer.concat([Buffer.alloc(44), ...sound]));
  return path;
}

describeWhere(`a Mac's recorder${isMac ? ' (not here: a Mac has no stand-in for AudioToolbox)' : ''}`, () => {
  test('what the microphone hears comes unchanged, to the last piece before the end', async () => {
    const recorder = await record({ STAND_IN_SPEED: '10' });
    const sound = await listen(recorder, samples.length);
    expect(sound.subarray(0, samples.length).equals(samples)).toBe(true);
    expect(await recorder.ended).toBeNull();
    expect(recorder).toMatchObject({ program: 'hearth-microphone', passedOver: [] });
    expect(logged()).toEqual([`stopped after ${sound.length} bytes`, 'disposed']);
  });

  const devices = { STAND_IN_DEVICES: 'uid-0=Loudspeaker=out,uid-1=MacBook Microphone,uid-2=Røde NT-USB' };

  test.each(['Røde NT-USB', 'uid-2'])('a microphone is chosen by its name or its identifier (%s)', async (device) => {
    const recorder = await start({ ...devices, STAND_IN_SPEED: '10' }, ['--device', device]);
    const sound = await listen(recorder, samples.length);
    expect(sound.subarray(0, samples.length).equals(samples)).toBe(true);
    expect(logged()[0]).toBe('records uid-2');
  });

  test.each([
    ['MacBook', devices, 'There is: "MacBook Microphone", "Røde NT-USB".'],
    ['Loudspeaker', devices, 'There is: "MacBook Microphone", "Røde NT-USB".'],
    ['MacBook', {}, 'There is none.'],
  ])('of a microphone that there is not (%s) it says which there are', async (device, settings, there) => {
    await expect(start(settings, ['--device', device])).rejects.toMatchObject({
      code: 'RECORDER_FAILED',
      message: `Expected the name of a microphone, got "${device}". ${there}`,
    });
  });

  test.each([
    ['-66681', 'There is no microphone that can be used (AudioQueueStart answered -66681).'],
    ['-66676', 'macOS does not permit the microphone (AudioQueueStart answered -66676).'],
    ['-50', 'The microphone cannot be recorded (AudioQueueStart answered -50).'],
  ])('a microphone that does not start (%s) is told', async (status, message) => {
    const asked = record({ STAND_IN_STATUS: status });
    await expect(asked).rejects.toMatchObject({ code: 'RECORDER_FAILED', message });
    expect(logged()).toEqual(['disposed']);
  });

  test('a microphone that gives only zeros has its code, and makes way for the next recorder', async () => {
    const silence = wavOf(Buffer.alloc(secondBytes));
    await expect(record({ STAND_IN_SOUND: silence })).rejects.toMatchObject({
      code: 'RECORDER_SILENT',
      hint: expect.stringContaining('Privacy & Security > Microphone'),
    });
    const standIn = `exec '${process.execPath}' '${pathOf('test/stand-ins/recorder.mjs')}' '${voice}' 10`;
    writeFileSync(join(folder, 'sox'), `#!/bin/sh\n${standIn}\n`, { mode: 0o755 });
    const recorder = await record({ STAND_IN_SOUND: silence }, 'sox');
    expect(recorder).toMatchObject({ program: 'sox', passedOver: [{ code: 'RECORDER_SILENT' }] });
    await listen(recorder, samples.length);
  });

  test('zeros before the first sound are kept', async () => {
    const heard = [Buffer.alloc(secondBytes), samples];
    const recorder = await record({ STAND_IN_SOUND: wavOf(...heard), STAND_IN_SPEED: '20' });
    const sound = await listen(recorder, secondBytes + samples.length);
    expect(sound.subarray(0, secondBytes + samples.length).equals(Buffer.concat(heard))).toBe(true);
  });

  test('sound that nobody takes for more than a minute is lost, and that is told', async () => {
    const recorder = await record({});
    while (!logged().includes('128 rounds')) await delay(10);
    recorder.stop();
    const sound = await listen(recorder, 0);
    // What was kept is whole.
    expect(sound.subarray(0, samples.length).equals(samples)).toBe(true);
    expect(sound.length).toBeGreaterThan(60 * secondBytes);
    expect(await recorder.ended).toMatchObject({
      code: 'RECORDER_OVERFLOW',
      message: expect.stringMatching(/^\d+ ms of sound were lost/),
    });
  });

  test('a microphone that stops giving sound ends the recording', async () => {
    const recorder = await record({ STAND_IN_ENDS: '1' });
    const sound = await listen(recorder, Number.POSITIVE_INFINITY);
    expect(sound.subarray(0, samples.length).equals(samples)).toBe(true);
    expect(await recorder.ended).toMatchObject({ code: 'RECORDER_FAILED', message: 'The microphone gives no sound.' });
  });

  test('the microphone is not left on when its reader is gone', async () => {
    const child = spawn(program, [audioToolbox], { env: environmentOf({ STAND_IN_SPEED: '10' }) });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child, 'exit');
    expect(logged()).toEqual(['disposed']);
  });
});
