import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { installHearthCommand } from './support/install-programs.ts';
import { actionsOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const weather = 'test/fixtures/audio/msft_weather.mp3';
const long = 'test/fixtures/audio/librispeech-1688-joined.flac';
const command = 'hearth-status';

let mac: TestMac;
beforeAll(async () => {
  mac = await startMac();
  await installHearthCommand(mac.userHome, mac.hearthHome);
});
afterEach(() => mac.endCommands());
afterAll(() => mac.clear());

test('without a daemon the menu says so, and starts it', async () => {
  const menu = mac.launch({ command });
  const { view } = await menu.until(({ view }) => actionsOf(view)[0] === 'Hearth is not running');
  expect(actionsOf(view).slice(0, 2)).toEqual(['Hearth is not running', 'Start Hearth']);
  expect(view?.props['isLoading']).toBe(false);
  await menu.act('Start Hearth');
  const { huds } = await menu.until(({ view }) => /^(Ready|Getting ready)/.test(actionsOf(view)[0] ?? ''));
  expect(huds).toEqual(['Hearth is running']);
});

test('a recent text is copied, and commands are opened', async () => {
  const file = await mac.addRecording(weather);
  await mac.launch({ command: 'transcribe-clipboard-audio', clipboard: { file } }).until(({ isDone }) => isDone);
  const menu = mac.launch({ command });
  const { view } = await menu.until(({ view }) => actionsOf(view)[0] === 'Ready · whisper-base-4bit');
  expect(actionsOf(view)).toEqual([
    'Ready · whisper-base-4bit',
    'Copy Recent Text',
    expect.stringMatching(/weather/i),
    'Dictate',
    'Transcribe File…',
    'Search Transcripts',
  ]);
  await menu.act(actionsOf(view)[2] as string);
  const { clipboard, huds } = await menu.until(({ huds }) => huds.length > 0);
  expect({ clipboard, huds }).toEqual({ clipboard: expect.stringMatching(/weather/i), huds: ['Copied the text'] });
  await menu.act('Dictate');
  await menu.until(({ launched }) => launched[0] === 'dictate');
});

test('a job that runs is shown beside the icon, and cancelled from the menu', async () => {
  const file = await mac.addRecording(long, 'meeting.flac');
  const started = mac.launch({ command: 'transcribe-clipboard-audio', clipboard: { file } });
  await started.until(({ toast }) => /^\d+%/.test(toast?.message ?? ''));
  await started.end();
  const menu = mac.launch({ command });
  const { view } = await menu.until(({ view }) => actionsOf(view).includes('Cancel'));
  expect(view?.props['title']).toMatch(/^(\d+%|Starting)$/);
  expect(actionsOf(view)).toContainEqual(expect.stringMatching(/^meeting\.flac · /));
  await menu.act('Cancel');
  await menu.until(({ view }) => !actionsOf(view).includes('Cancel') && view?.props['title'] === undefined);
  expect((await mac.finalJobStates()).at(-1)).toBe('cancelled');
});

test('an action on a daemon that was killed is told in the documented sentence', async () => {
  const menu = mac.launch({ command });
  const { view } = await menu.until(({ view }) => actionsOf(view).includes('Copy Recent Text'));
  await mac.killHearth();
  await menu.act(actionsOf(view)[2] as string);
  const { huds, clipboard } = await menu.until(({ huds }) => huds.length > 0);
  expect({ huds, clipboard }).toEqual({ huds: ['Hearth is not running.'], clipboard: null });
});

test('a daemon that has unloaded its model is idle, and not getting ready', async () => {
  const other = await startMac();
  await other.startHearth({ environment: { HEARTH_KEEP_ALIVE_MINUTES: '0' } });
  const file = await other.addRecording(weather);
  await other.launch({ command: 'transcribe-clipboard-audio', clipboard: { file } }).until(({ isDone }) => isDone);
  await untilUnloaded(other);
  const menu = other.launch({ command });
  await menu.until(({ view }) => actionsOf(view)[0] === 'Idle');
  await other.clear();
});

async function untilUnloaded(other: TestMac): Promise<void> {
  for (;;) {
    const { engine } = (await other.ask({ path: '/v1/health' })).json<{ engine: { status: string } }>();
    if (engine.status === 'unloaded') return;
    await delay(10);
  }
}
