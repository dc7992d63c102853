import { existsSync, statSync, writeFileSync } from 'node:fs';
import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { unloadModel } from '../../daemon/src/client/models.ts';
import { pathOf } from '../engine/fork-engine.ts';
import type { RunningCommand } from './host/launch-command.ts';
import type { Screen } from './host/messages.ts';
import { installHearthCommand, installRecorder, installSox } from './support/install-programs.ts';
import { actionsOf, markdownOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const voice = 'test/fixtures/audio/librispeech_1995-1837-0001.wav';
const whole = /first great sorrow.*built around it/is;
const bytesPerSecond = 32_000;
/** The voice, and a little silence. */
const wholeSeconds = 10;
const recording = 'Recording. Run the command again to finish';
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

let mac: TestMac;
let recorderPath: string;
let socketPath: string;

/** Runs the command to its end, as Raycast does: what it started goes on without it. */
async function press(preferences: Record<string, unknown> = {}): Promise<Screen> {
  const raycast = launch(preferences);
  const screen = await raycast.until(({ isDone }) => isDone);
  await raycast.end();
  return screen;
}

function launch(preferences: Record<string, unknown> = {}): RunningCommand {
  return mac.launch({ command: 'start-or-stop-dictation', preferences: { recorderPath, ...preferences } });
}

/** A press that is no slip of the finger comes half a second after the one before, or later. */
async function pressAgain(preferences: Record<string, unknown> = {}): Promise<Screen> {
  await utimes(join(running(), 'begun'), minutesAgo(1), minutesAgo(1)).catch(() => undefined);
  return press(preferences);
}

function running(): string {
  return join(mac.supportFolder, 'running-dictation');
}

async function dictations(): Promise<string[]> {
  const folder = join(mac.supportFolder, 'dictations');
  return (await readdir(folder)).map((name) => join(folder, name));
}

async function untilRecorded(seconds: number): Promise<void> {
  for (;;) {
    const [path] = await dictations();
    if (path !== undefined && statSync(path).size > seconds * bytesPerSecond) return;
    await delay(10);
  }
}

/** Installs a recorder that fails when its microphone is unplugged, which the function does that it gives. */
async function installUnpluggable(): Promise<() => Promise<void>> {
  const unplugged = join(mac.userHome, 'unplugged');
  const sox = await installSox({ userHome: mac.userHome, voice, speed: 40 });
  recorderPath = await installRecorder(
    mac.userHome,
    `'${sox}' "$@" & sox=$!
    while [ ! -e '${unplugged}' ]; do /bin/sleep 0.05; done
    kill -KILL $sox; echo 'coreaudio: the device was disconnected' >&2; exit 2`,
  );
  return async () => {
    writeFileSync(unplugged, '');
    await untilThere(join(running(), 'ended'));
    await rm(unplugged);
  };
}

async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await delay(10);
}

describe('with Hearth running', () => {
  beforeAll(async () => {
    mac = await startMac();
    socketPath = join(mac.hearthHome, 'hearth.sock');
    await mac.startHearth();
  });
  beforeEach(async () => {
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 40 });
  });
  afterEach(async () => {
    await mac.endCommands();
    expect(existsSync(running())).toBe(false);
    await rm(join(mac.supportFolder, 'dictations'), { recursive: true, force: true });
  });
  afterAll(() => mac.clear());

  test('the first press records, and has the model loaded; the second pastes', async () => {
    await unloadModel({ socketPath });
    const begun = await press();
    expect(begun).toMatchObject({ huds: [recording], subtitle: 'Recording', isWindowOpen: false, toast: null });
    const { engine } = (await mac.ask({ path: '/v1/health' })).json<{ engine: { status: string } }>();
    expect(['starting', 'ready']).toContain(engine.status);
    await untilRecorded(wholeSeconds);
    const ended = await pressAgain();
    expect(ended.huds).toEqual(['Transcribing the dictation', 'Pasted the text of the dictation']);
    expect(ended).toMatchObject({ pasted: [expect.stringMatching(whole)], clipboard: null, subtitle: null });
    expect(await dictations()).toEqual([]);
    const { entries } = (await mac.ask({ path: '/v1/history' })).json<{ entries: { id: string; name: string }[] }>();
    expect(entries.map(({ name }) => name)).toEqual(['Dictation']);
    const { options } = (await mac.ask({ path: `/v1/history/${entries[0]?.id}` })).json<{ options: object }>();
    expect(options).toMatchObject({ cleanUp: true, window: 'short' });
  });

  test('the text is copied where preferences say so', async () => {
    await press({ delivery: 'copy' });
    await untilRecorded(wholeSeconds);
    const { pasted, clipboard, huds } = await pressAgain({ delivery: 'copy' });
    expect({ pasted, clipboard }).toEqual({ pasted: [], clipboard: expect.stringMatching(whole) });
    expect(huds).toEqual(['Transcribing the dictation', 'Copied the text of the dictation']);
  });

  test('presses that come before anybody could know that it is recorded begin one recording, and end none', async () => {
    const ready = join(mac.userHome, 'microphone-is-ready');
    const sox = await installSox({ userHome: mac.userHome, voice, speed: 40 });
    recorderPath = await installRecorder(
      mac.userHome,
      `while [ ! -e '${ready}' ]; do /bin/sleep 0.05; done; exec '${sox}' "$@"`,
    );
    const presses = [launch(), launch()];
    // Both have been pressed.
    for (const { until } of presses) await until(() => true);
    writeFileSync(ready, '');
    for (const { until } of presses) expect((await until(({ isDone }) => isDone)).huds).toEqual([recording]);
    expect(await dictations()).toHaveLength(1);
    await untilRecorded(wholeSeconds);
    expect((await pressAgain()).pasted).toEqual([expect.stringMatching(whole)]);
  });

  test('a third press waits for the text of the second, and takes it up if Raycast has ended that', async () => {
    await press();
    await untilRecorded(wholeSeconds);
    await utimes(join(running(), 'begun'), minutesAgo(1), minutesAgo(1));
    const { processId } = await readHealth({ socketPath });
    process.kill(processId, 'SIGSTOP');
    const second = launch();
    await second.until(({ huds }) => huds[0] === 'Transcribing the dictation');
    await second.end();
    process.kill(processId, 'SIGCONT');
    // Whoever transcribes says every second that they do.
    const claim = join(running(), 'transcribing');
    await utimes(claim, new Date(), new Date());
    expect((await press()).huds).toEqual(['Hearth is transcribing the last dictation']);
    await utimes(claim, minutesAgo(1), minutesAgo(1));
    const third = await press();
    expect(third.huds).toEqual([
      'Transcribing the dictation',
      expect.stringMatching(/^Pasted the text of the dictation\. The recording had ended after \d+ s$/),
    ]);
    expect(third.pasted).toEqual([expect.stringMatching(whole)]);
  });

  test('a dictation of less than a second is given up', async () => {
    const slow = await installSox({ userHome: mac.userHome, voice, speed: 0.01 });
    recorderPath = slow;
    await press();
    const { huds, pasted } = await pressAgain();
    expect({ huds, pasted }).toEqual({ huds: ['The dictation was shorter than a second'], pasted: [] });
    expect(await dictations()).toEqual([]);
  });

  test.each([
    [
      'fails',
      () => installSox({ userHome: mac.userHome, voice: 'none', speed: 1 }),
      /^The recorder sox stopped\. It said: “.*no default audio device configured”\. Allow Raycast in .*Microphone/,
    ],
    ['ends without a word', () => installRecorder(mac.userHome, 'exit 0'), /^Nothing was recorded\. Allow Raycast/],
    ['is not there', async () => '/nowhere/sox', /^There is no recorder at \/nowhere\/sox\. Choose sox or ffmpeg/],
  ])('a recorder that %s is told at once', async (_, install, said) => {
    recorderPath = await install();
    const { huds, subtitle } = await press();
    expect({ huds, subtitle }).toEqual({ huds: [expect.stringMatching(said)], subtitle: null });
    expect(existsSync(running())).toBe(false);
  });

  test('what was said before a recorder broke down is pasted by the next press, which says so', async () => {
    const unplug = await installUnpluggable();
    expect((await press()).huds).toEqual([recording]);
    await untilRecorded(wholeSeconds);
    await unplug();
    const { huds, pasted } = await pressAgain();
    expect(pasted).toEqual([expect.stringMatching(whole)]);
    expect(huds.at(-1)).toMatch(
      /^Pasted the text of the dictation\. The recorder recorder stopped\. The recording had ended after \d+ s$/,
    );
  });

  test('a microphone that gives nothing but zeros is told to be one that macOS keeps from Raycast', async () => {
    recorderPath = await installRecorder(
      mac.userHome,
      `exec '${process.execPath}' -e '
        const { writeFileSync, readFileSync } = require("node:fs");
        const path = process.argv.find((each) => each.endsWith(".wav"));
        const head = readFileSync("${voicePath()}").subarray(0, 44);
        writeFileSync(path, Buffer.concat([head, Buffer.alloc(3 * ${bytesPerSecond})]));
        setInterval(() => {}, 1000);' -- "$@"`,
    );
    await press();
    await untilRecorded(2);
    const { huds } = await pressAgain();
    expect(huds.at(-1)).toBe(
      'No speech in the dictation. The microphone gave no sound. Allow Raycast in System Settings ▸ Privacy & Security ▸ Microphone',
    );
  });

  test('a recording that ended long ago is left to Dictate, and another begins', async () => {
    const unplug = await installUnpluggable();
    await press();
    await untilRecorded(2);
    await unplug();
    const [old] = await dictations();
    await utimes(old as string, minutesAgo(10), minutesAgo(10));
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 0.01 });
    expect((await pressAgain()).huds).toEqual([
      expect.stringMatching(
        /^Recording\. Run the command again to finish\. Dictate has one of \d+ s that was not finished$/,
      ),
    ]);
    const view = mac.launch({ command: 'dictate', preferences: { recorderPath } });
    const { view: shown } = await view.until(({ view }) => actionsOf(view).includes('Transcribe and Paste'));
    expect(markdownOf(shown)).toMatch(/^\*\*Your last dictation was not finished\.\*\*\n\n\d+ s/);
    expect((await dictations()).length).toBe(2);
    expect((await pressAgain()).huds).toEqual(['The dictation was shorter than a second']);
    expect(await dictations()).toEqual([old]);
  });
});

describe('with Hearth stopped or stopping', () => {
  beforeEach(async () => {
    mac = await startMac();
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 40 });
  });
  afterEach(() => mac.clear());

  test('it records all the same, starts Hearth, and starts it again where it was killed', async () => {
    await installHearthCommand(mac.userHome, mac.hearthHome);
    expect((await press()).huds).toEqual([recording]);
    await mac.ask({ path: '/v1/health' });
    await mac.killHearth();
    await untilRecorded(wholeSeconds);
    expect((await pressAgain()).pasted).toEqual([expect.stringMatching(whole)]);
  });

  test('where Hearth cannot be started the recording is kept, and Dictate has it', async () => {
    const begun = await press();
    expect(begun.huds).toEqual([recording, 'Recording. There is no hearth command in the usual places.']);
    await untilRecorded(wholeSeconds);
    const { huds, pasted } = await pressAgain();
    expect(huds).toEqual([
      'Transcribing the dictation',
      'There is no hearth command in the usual places. Install Hearth, or choose its command in the extension’s preferences. The recording is kept: open Dictate.',
    ]);
    expect({ pasted, count: (await dictations()).length }).toEqual({ pasted: [], count: 1 });
    await mac.startHearth();
    const view = mac.launch({ command: 'dictate', preferences: { recorderPath } });
    await view.act('Transcribe and Paste');
    expect((await view.until(({ huds }) => huds.length > 0)).pasted).toEqual([expect.stringMatching(whole)]);
  });
});

function voicePath(): string {
  return pathOf(voice);
}
