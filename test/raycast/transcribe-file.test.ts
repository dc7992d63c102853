import { spawnSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import type { RunningCommand } from './host/launch-command.ts';
import type { Screen } from './host/messages.ts';
import { extensionFolder } from './store/ray.ts';
import { type FullQueue, startFullQueue } from './support/full-queue.ts';
import { installHearthCommand } from './support/install-programs.ts';
import { actionsOf, fieldOf, itemsOf, markdownOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const cards = 'test/fixtures/audio/pocketsphinx_cards_001.wav';
const weather = 'test/fixtures/audio/msft_weather.mp3';
const long = 'test/fixtures/audio/librispeech-1688-joined.flac';
const broken = 'test/fixtures/audio/random_bytes.mp3';

function openForm(mac: TestMac, preferences = {}): RunningCommand {
  return mac.launch({ command: 'transcribe-file', preferences });
}

async function transcribe(raycast: RunningCommand, values: Record<string, unknown>): Promise<void> {
  await raycast.until(({ view }) => view?.type === 'Form' && view.props['isLoading'] !== true);
  await raycast.fill(values);
  await raycast.act('Transcribe');
}

/** Of the last recording of a batch, or of the only one. */
const lastText = ({ view }: Screen) => itemsOf(view).map(markdownOf).at(-1) ?? markdownOf(view);
/** The toast may say so before the view shows its last text. */
const succeeded = ({ toast, view }: Screen) => toast?.style === 'SUCCESS' && view?.props['isLoading'] === false;
const failed = ({ toast }: Screen) => toast?.style === 'FAILURE';
const running = ({ toast }: Screen) => /^\d+%/.test(toast?.message ?? '');

describe('with Hearth running', () => {
  let mac: TestMac;
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
  });
  afterEach(() => mac.endCommands());
  afterAll(() => mac.clear());

  async function lastOptions(): Promise<Record<string, unknown>> {
    const { entries } = (await mac.ask({ path: '/v1/history?limit=1' })).json<{ entries: { id: string }[] }>();
    const answer = await mac.ask({ path: `/v1/history/${entries[0]?.id}` });
    return answer.json<{ options: Record<string, unknown> }>().options;
  }

  test('a form without files is not sent, and says why', async () => {
    const raycast = openForm(mac);
    await transcribe(raycast, { language: 'de' });
    const { view, depth } = await raycast.until(({ view }) => fieldOf(view, 'files').props['error'] !== undefined);
    expect(fieldOf(view, 'files').props['error']).toBe('Choose at least one file');
    expect(depth).toBe(1);
  });

  test('the form starts from the preferences', async () => {
    const raycast = openForm(mac, { language: 'de', initialPrompt: 'Hearth', model: 'my-model' });
    const { view } = await raycast.until(({ view }) => view?.type === 'Form');
    const value = (id: string) => fieldOf(view, id).props['value'];
    expect([value('language'), value('initialPrompt'), value('model')]).toEqual(['de', 'Hearth', 'my-model']);
  });

  test('the preferences’ menu of languages is that of the form', async () => {
    const raycast = openForm(mac);
    const { view } = await raycast.until(({ view }) => view?.type === 'Form');
    const [, ...offered] = fieldOf(view, 'language').children.map(({ props }) => [props['value'], props['title']]);
    const manifest = JSON.parse(await readFile(join(extensionFolder, 'package.json'), 'utf8')) as {
      preferences: { name: string; default?: string; data?: { title: string; value: string }[] }[];
    };
    const language = manifest.preferences.find(({ name }) => name === 'language');
    const [detect, ...preferred] = language?.data ?? [];
    expect([language?.default, detect]).toEqual(['auto', { title: 'Detect', value: 'auto' }]);
    expect(preferred.map(({ title, value }) => [value, title])).toEqual(offered);
    expect(offered).toHaveLength(100);
  });

  test('a path that is typed into Raycast’s search is taken into the form', async () => {
    const path = await mac.addRecording(weather);
    const raycast = mac.launch({ command: 'transcribe-file', fallbackText: path });
    const { view } = await raycast.until(({ view }) => view?.type === 'Form');
    expect(fieldOf(view, 'files').props['value']).toEqual([path]);
  });

  test('the text comes while it is decoded, and can be copied when it is whole', async () => {
    const raycast = openForm(mac, { delivery: 'copy' });
    await transcribe(raycast, { files: [await mac.addRecording(long)] });
    const { toast } = await raycast.until((screen) => running(screen) && /\w+ \w+/.test(markdownOf(screen.view)));
    expect(toast).toMatchObject({ title: 'Transcribing librispeech-1688-joined.flac', actions: ['Cancel'] });
    const { view } = await raycast.until(succeeded);
    expect(markdownOf(view)).toMatch(/iron.*work ?house/s);
    await raycast.act('Copy Text');
    const { clipboard } = await raycast.until(({ clipboard }) => clipboard !== null);
    expect(clipboard).toMatch(/iron.*work ?house/s);
  });

  test('what is chosen in the form reaches the daemon', async () => {
    const raycast = openForm(mac);
    const files = [await mac.addRecording(weather)];
    await transcribe(raycast, { files, language: 'en', task: 'translate', initialPrompt: 'Seattle' });
    await raycast.until(succeeded);
    expect(await lastOptions()).toMatchObject({ language: 'en', task: 'translate', initialPrompt: 'Seattle' });
  });

  test('subtitles are shown as such, and saved beside the recording under a name that is free', async () => {
    const path = await mac.addRecording(cards, 'cards.wav');
    for (const name of ['cards.srt', 'cards 2.srt']) {
      const raycast = openForm(mac);
      await transcribe(raycast, { files: [path], format: 'srt', saveBeside: true });
      const { view, toast } = await raycast.until(succeeded);
      expect(toast).toMatchObject({ title: 'Transcribed cards.wav', message: `Saved ${name}.` });
      const saved = await readFile(join(path, '..', name), 'utf8');
      expect(saved).toMatch(/^1\n00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}\n.*\w/);
      expect(markdownOf(view)).toContain(saved);
    }
  });

  test('files and a folder of recordings make a list, in which each tells how it went', async () => {
    const folder = join(mac.userHome, 'Interviews');
    await mkdir(join(folder, 'more'), { recursive: true });
    await mac.addRecording(cards, '../Interviews/1.wav');
    await mac.addRecording(weather, '../Interviews/more/2.mp3');
    await mac.addRecording('test/fixtures/audio/NOTICE', '../Interviews/notes.txt').catch(() => undefined);
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [folder, await mac.addRecording(broken)] });
    const { view, toast } = await raycast.until((screen) => failed(screen) && /not audio/.test(lastText(screen)));
    expect(toast).toMatchObject({
      title: '1 of 3 failed',
      message: expect.stringMatching(/^This is not audio that Hearth can read\. /),
    });
    const items = itemsOf(view);
    expect(items.map(({ props }) => props['title'])).toEqual(['1.wav', '2.mp3', 'random_bytes.mp3']);
    expect(items.map(markdownOf)).toEqual([
      expect.stringMatching(/of \w+/),
      expect.stringMatching(/weather/i),
      expect.stringMatching(/This is not audio/),
    ]);
    await raycast.act('Copy Text', { item: '2.mp3' });
    const { clipboard } = await raycast.until(({ clipboard }) => clipboard !== null);
    expect(clipboard).toMatch(/weather/i);
  });

  test('cancelling a batch ends every job of it', async () => {
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [await mac.addRecording(long), await mac.addRecording(long, 'again.flac')] });
    await mac.untilJobs(2);
    await raycast.pressToast('Cancel');
    const { toast, view } = await raycast.until((screen) => failed(screen) && /Cancelled/.test(lastText(screen)));
    expect(toast).toEqual({ style: 'FAILURE', title: 'Cancelled', message: undefined, actions: [] });
    expect(itemsOf(view).map(markdownOf)).toEqual([
      expect.stringContaining('*Cancelled.*'),
      expect.stringContaining('*Cancelled.*'),
    ]);
    expect((await mac.finalJobStates()).slice(-2)).toEqual(['cancelled', 'cancelled']);
  });

  test('a job goes on when the window is closed, and can be followed again', async () => {
    const first = openForm(mac);
    await transcribe(first, { files: [await mac.addRecording(long, 'meeting.flac')] });
    await first.until(running);
    await first.closeWindow();
    await first.end();
    const history = mac.launch({ command: 'transcription-history' });
    await history.act('Follow', { item: 'meeting.flac' });
    const { view } = await history.until(succeeded);
    expect(view?.props['navigationTitle']).toBe('meeting.flac');
    expect(markdownOf(view)).toMatch(/iron.*work ?house/s);
  });
});

describe('with a disk that clones files', () => {
  let mac: TestMac;
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
  });
  afterEach(() => mac.endCommands());
  afterAll(() => mac.clear());

  const spooled = () => readdir(join(mac.hearthHome, 'spool'));

  test('the daemon gets a clone of the recording, which goes when its job ends', async () => {
    const path = await mac.addRecording(long, 'cloned.flac');
    const raycast = mac.launch({ command: 'transcribe-file', clones: true });
    await transcribe(raycast, { files: [path] });
    await raycast.until(running);
    const [clone] = await spooled();
    expect(clone).toMatch(/^[0-9a-f-]{36}$/);
    expect(await readFile(join(mac.hearthHome, 'spool', clone as string))).toEqual(await readFile(path));
    await raycast.until(succeeded);
    while ((await spooled()).length > 0) await delay(10);
    expect((await mac.ask({ path: '/v1/history' })).json()).toMatchObject({ entries: [{ name: 'cloned.flac' }] });
    expect(await readFile(path)).toHaveLength((await stat(long)).size);
  });

  test('a clone that the daemon refuses is not left', async () => {
    const path = join(mac.userHome, 'Music', 'empty.wav');
    await writeFile(path, '');
    const raycast = mac.launch({ command: 'transcribe-file', clones: true });
    await transcribe(raycast, { files: [path] });
    const { toast } = await raycast.until(failed);
    expect(toast?.title).toBe('Could not transcribe empty.wav');
    expect(await spooled()).toEqual([]);
  });

  test('a clone that nobody takes is removed, and the daemon that is started gets another', async () => {
    await installHearthCommand(mac.userHome, mac.hearthHome);
    await mac.killHearth();
    const raycast = mac.launch({ command: 'transcribe-file', clones: true });
    await transcribe(raycast, { files: [await mac.addRecording(cards)] });
    await raycast.until(failed);
    expect(await spooled()).toEqual([]);
    await raycast.pressToast('Start Hearth');
    const { view } = await raycast.until(succeeded);
    expect(markdownOf(view)).toMatch(/of \w+/);
  });
});

describe('with a queue that is full', () => {
  let mac: TestMac;
  let queue: FullQueue;
  beforeEach(async () => {
    mac = await startMac();
    queue = await startFullQueue(join(mac.hearthHome, 'hearth.sock'));
  });
  afterEach(async () => {
    queue.close();
    await mac.clear();
  });

  test('Cancel ends the waiting, and nothing more is handed in', async () => {
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [await mac.addRecording(cards), await mac.addRecording(weather)] });
    await raycast.until(({ toast }) => toast?.message?.endsWith('Waiting') === true);
    await raycast.pressToast('Cancel');
    const { toast, view } = await raycast.until((screen) => failed(screen) && /Cancelled/.test(lastText(screen)));
    expect(toast).toMatchObject({ title: 'Cancelled', actions: [] });
    expect(itemsOf(view).map(markdownOf)).toEqual([
      expect.stringMatching(/Cancelled/),
      expect.stringMatching(/Cancelled/),
    ]);
    // The second file was never handed in: one that is cancelled waits for no room.
    expect(queue.names()).toEqual(['pocketsphinx_cards_001.wav']);
  });
});

describe('where Hearth is not installed', () => {
  let mac: TestMac;
  beforeEach(async () => {
    mac = await startMac();
  });
  afterEach(() => mac.clear());

  test.each(['transcribe-file', 'dictate', 'transcription-history'])(
    '%s first says how to install it',
    async (command) => {
      const raycast = mac.launch({ command });
      const { view } = await raycast.until(({ view }) => markdownOf(view).startsWith('# Install Hearth'));
      const [, line] = /```\n(.*)\n```/.exec(markdownOf(view)) ?? [];
      expect(actionsOf(view)).toEqual(['Copy Install Command', 'Try Again', 'Open Preferences']);
      await raycast.act('Copy Install Command');
      const { clipboard } = await raycast.until(({ clipboard }) => clipboard !== null);
      expect(clipboard).toBe(line);
      // Run from a checkout, as the guide says, it is a command that exists.
      const { status, stdout } = spawnSync(pathOf('hearth'), ['install', '--help'], { encoding: 'utf8' });
      expect([clipboard, status, stdout]).toEqual(['./hearth install', 0, expect.stringContaining('install')]);
    },
  );

  test('Try Again goes on once it is there', async () => {
    const raycast = mac.launch({ command: 'transcribe-file' });
    await raycast.until(({ view }) => markdownOf(view).startsWith('# Install Hearth'));
    await installHearthCommand(mac.userHome, mac.hearthHome);
    await raycast.act('Try Again');
    await raycast.until(({ view }) => view?.type === 'Form');
  });
});

describe('with a daemon that macOS keeps from reading files', () => {
  let mac: TestMac;
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth({ mayReadFiles: false });
  });
  afterEach(() => mac.endCommands());
  afterAll(() => mac.clear());

  test('the recording is sent', async () => {
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [await mac.addRecording(cards)] });
    const { view } = await raycast.until(succeeded);
    expect(markdownOf(view)).toMatch(/of \w+/);
  });

  test('100 MB are sent with less than 64 MB of heap', async () => {
    const path = join(mac.userHome, 'Music', 'large.wav');
    await writeSilence(path, 100 * 1024 * 1024);
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [path] });
    const { toast } = await raycast.until(({ toast }) => /^Sending \d+%/.test(toast?.message ?? ''));
    expect(toast?.title).toBe('Transcribing large.wav');
    const { view } = await raycast.until(succeeded);
    expect(markdownOf(view)).toBe('*No speech was found.*');
    expect(raycast.peakHeapBytes).toBeLessThan(64 * 1024 * 1024);
  });

  test('sending is cancelled in the middle', async () => {
    const path = join(mac.userHome, 'Music', 'larger.wav');
    await writeSilence(path, 400 * 1024 * 1024);
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [path] });
    await raycast.until(({ toast }) => /^Sending \d+%/.test(toast?.message ?? ''));
    await raycast.pressToast('Cancel');
    const { toast } = await raycast.until(failed);
    expect(toast).toMatchObject({ title: 'Cancelled', actions: [] });
    // All of it may have been sent already; then there is a job, which ends and leaves nothing.
    await mac.finalJobStates();
    expect((await mac.ask({ path: '/v1/history?query=larger' })).json()).toMatchObject({ entries: [] });
  });
});

describe('with Hearth stopped or stopping', () => {
  let mac: TestMac;
  beforeEach(async () => {
    mac = await startMac();
    await installHearthCommand(mac.userHome, mac.hearthHome);
  });
  afterEach(() => mac.clear());

  test('Start Hearth starts it, and the text comes', async () => {
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [await mac.addRecording(cards)] });
    const { toast } = await raycast.until(failed);
    expect(toast).toEqual({
      style: 'FAILURE',
      title: 'Hearth is not running.',
      message: '',
      actions: ['Start Hearth'],
    });
    await raycast.pressToast('Start Hearth');
    const { view } = await raycast.until(succeeded);
    expect(markdownOf(view)).toMatch(/of \w+/);
  });

  test('a daemon that is killed in the middle is told, and the job goes on with the next', async () => {
    await mac.startHearth();
    const raycast = openForm(mac);
    await transcribe(raycast, { files: [await mac.addRecording(long)] });
    await raycast.until(running);
    await mac.killHearth();
    const { toast } = await raycast.until(failed);
    expect(toast).toEqual({
      style: 'FAILURE',
      title: 'Hearth stopped while transcribing librispeech-1688-joined.flac.',
      message: '',
      actions: ['Start Hearth'],
    });
    await raycast.pressToast('Start Hearth');
    const { view } = await raycast.until(succeeded);
    expect(markdownOf(view)).toMatch(/iron.*work ?house/s);
    expect(await readdir(join(mac.hearthHome, 'spool'))).toEqual([]);
  });
});

/** A WAVE file of silence that takes no room on the disk: 192 kHz, 2 channels, 32 bits. */
async function writeSilence(path: string, dataBytes: number): Promise<void> {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + dataBytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(192_000, 24);
  head.writeUInt32LE(192_000 * 8, 28);
  head.writeUInt16LE(8, 32);
  head.writeUInt16LE(32, 34);
  head.write('data', 36);
  head.writeUInt32LE(dataBytes, 40);
  const file = await open(path, 'w');
  await file.write(head);
  await file.truncate(44 + dataBytes);
  await file.close();
}
