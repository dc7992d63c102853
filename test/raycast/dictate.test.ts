import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunningCommand } from './host/launch-command.ts';
import type { Screen } from './host/messages.ts';
import { installHearthCommand, installSox } from './support/install-programs.ts';
import { actionsOf, markdownOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const voice = 'test/fixtures/audio/librispeech_1995-1837-0001.wav';
const beginning = /first great sorrow/i;
const whole = /first great sorrow.*built around it/is;

let mac: TestMac;
let recorderPath: string;

async function dictate(preferences: Record<string, unknown> = {}): Promise<RunningCommand> {
  return mac.launch({ command: 'dictate', preferences: { recorderPath, ...preferences } });
}

function dictations(): Promise<string[]> {
  return readdir(join(mac.supportFolder, 'dictations'));
}

const isRecording = ({ view }: Screen) => String(view?.props['navigationTitle']).startsWith('Recording');

describe('with Hearth running', () => {
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 4 });
  });
  afterEach(() => mac.endCommands());
  afterAll(() => mac.clear());

  test('the text is shown while one speaks, and pasted at the end', async () => {
    const raycast = await dictate();
    await raycast.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await raycast.until(({ view }) => /built around it/i.test(markdownOf(view)));
    await raycast.act('Finish and Paste');
    const { pasted, huds, isWindowOpen } = await raycast.until(({ huds }) => huds.length > 0);
    expect(pasted).toEqual([expect.stringMatching(whole)]);
    expect({ huds, isWindowOpen }).toEqual({ huds: ['Pasted the text of the dictation'], isWindowOpen: false });
    expect(await dictations()).toEqual([]);
  });

  test('previews are not kept in the history, and the dictation is', async () => {
    const { entries } = (await mac.ask({ path: '/v1/history' })).json<{ entries: { name: string }[] }>();
    expect(entries.map(({ name }) => name)).toEqual(['Dictation']);
  });

  test('a closed window ends the recording, which is offered again', async () => {
    const first = await dictate();
    await first.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await first.closeWindow();
    await first.end();
    const second = await dictate({ delivery: 'copy' });
    const { view } = await second.until(({ view }) => actionsOf(view).includes('Transcribe and Copy'));
    expect(markdownOf(view)).toMatch(/^\*\*A dictation was recorded, but not delivered\.\*\*\n\n\d+ s, recorded /);
    await second.act('Transcribe and Copy');
    const { clipboard } = await second.until(({ huds }) => huds.length > 0);
    expect(clipboard).toMatch(beginning);
    expect(await dictations()).toEqual([]);
  });

  test('a worker that is ended without a word leaves no recorder behind', async () => {
    const first = await dictate();
    await first.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    const [name] = await dictations();
    await first.end();
    await untilEnded(join(mac.supportFolder, 'dictations', name as string));
    const second = await dictate();
    await second.act('Discard');
    await second.until(({ toast }) => toast?.title === 'Discarded');
    expect(await dictations()).not.toContain(name);
  });

  test('the longest duration ends a dictation, and its text comes', async () => {
    const fast = await installSox({ userHome: mac.userHome, voice, speed: 400 });
    const raycast = mac.launch({ command: 'dictate', preferences: { recorderPath: fast, limitMinutes: '5' } });
    const { pasted } = await raycast.until(({ huds }) => huds.length > 0);
    expect(pasted).toEqual([expect.stringMatching(whole)]);
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 4 });
  });

  test.each([
    [
      'a recorder that fails',
      () => installSox({ userHome: mac.userHome, voice: 'none', speed: 1 }),
      /^The recorder ended: .*no default audio device/,
    ],
    ['a recorder that is not there', async () => '/nowhere/sox', /^There is no recorder at \/nowhere\/sox\.$/],
  ])('%s is told', async (_, install, title) => {
    const raycast = await dictate({ recorderPath: await install() });
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast?.title).toMatch(title);
    expect(toast?.message).toMatch(/preferences/);
    expect(await dictations()).toEqual([]);
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 4 });
  });

  test('a cancelled transcription keeps what was recorded', async () => {
    const raycast = await dictate();
    await raycast.until((screen) => isRecording(screen) && markdownOf(screen.view) !== '*Listening…*');
    await raycast.act('Finish and Paste');
    await raycast.until(({ toast }) => toast?.actions[0] === 'Cancel');
    await raycast.pressToast('Cancel');
    const { view, toast, pasted } = await raycast.until(({ view }) => actionsOf(view).includes('Transcribe and Paste'));
    expect(markdownOf(view)).toContain('**The recording is kept.**');
    expect({ toast, pasted }).toMatchObject({ toast: { title: 'Cancelled', actions: [] }, pasted: [] });
    expect(await dictations()).toHaveLength(1);
  });
});

describe('with Hearth stopped or stopping', () => {
  beforeEach(async () => {
    mac = await startMac();
    await installHearthCommand(mac.userHome, mac.hearthHome);
    recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 4 });
  });
  afterEach(() => mac.clear());

  test('nothing is recorded before Start Hearth has started it', async () => {
    const raycast = await dictate();
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast).toMatchObject({ title: 'Hearth is not running.', actions: ['Start Hearth'] });
    await raycast.pressToast('Start Hearth');
    await raycast.until((screen) => isRecording(screen) && screen.toast === null);
  });

  test('a daemon that is killed while one speaks is told at the end, and nothing that was said is lost', async () => {
    await mac.startHearth();
    const raycast = await dictate();
    await raycast.until((screen) => isRecording(screen) && /built around it/i.test(markdownOf(screen.view)));
    await mac.killHearth();
    await raycast.act('Finish and Paste');
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast).toMatchObject({ title: 'Hearth is not running.', actions: ['Start Hearth'] });
    await raycast.pressToast('Start Hearth');
    const { pasted } = await raycast.until(({ huds }) => huds.length > 0);
    expect(pasted).toEqual([expect.stringMatching(whole)]);
  });
});

/** Waits until the recorder has written its file's length, which it does when it ends. */
async function untilEnded(path: string): Promise<void> {
  for (;;) {
    const file = await readFile(path);
    if (file.readUInt32LE(40) === file.length - 44) return;
  }
}
