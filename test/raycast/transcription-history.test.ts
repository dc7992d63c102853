import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Screen } from './host/messages.ts';
import { installHearthCommand } from './support/install-programs.ts';
import { actionsOf, itemsOf, markdownOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const cards = 'test/fixtures/audio/pocketsphinx_cards_001.wav';
const weather = 'test/fixtures/audio/msft_weather.mp3';
const long = 'test/fixtures/audio/librispeech-1688-joined.flac';
const command = 'transcription-history';

let mac: TestMac;
afterEach(() => mac.endCommands());

const titles = ({ view }: Screen) => itemsOf(view).map(({ props }) => props['title']);
const shows =
  (...names: readonly string[]) =>
  (screen: Screen) =>
    titles(screen).join() === names.join();

async function transcribe(path: string): Promise<void> {
  const raycast = mac.launch({ command: 'transcribe-clipboard-audio', clipboard: { file: path } });
  await raycast.until(({ isDone }) => isDone);
}

describe('with Hearth running', () => {
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
  });
  afterAll(() => mac.clear());

  test('an empty history says what to do', async () => {
    const { view } = await mac.launch({ command }).until(({ view }) => view?.props['isLoading'] === false);
    expect(view?.children[0]?.props).toMatchObject({ title: 'No transcripts yet' });
  });

  test('transcripts are listed, the newest first, and found by their words', async () => {
    await transcribe(await mac.addRecording(cards, 'cards.wav'));
    await transcribe(await mac.addRecording(weather, 'weather.mp3'));
    const raycast = mac.launch({ command });
    const { view } = await raycast.until(shows('weather.mp3', 'cards.wav'));
    expect(markdownOf(itemsOf(view)[0] ?? null)).toMatch(/weather/i);
    await raycast.search('what’s the weather'.replace('’', "'"));
    await raycast.until(shows('weather.mp3'));
    await raycast.search('nobody said this');
    const { view: nothing } = await raycast.until(shows());
    expect(nothing?.children[0]?.props).toMatchObject({ title: 'No transcript contains “nobody said this”' });
    await raycast.search('');
    await raycast.until(shows('weather.mp3', 'cards.wav'));
  });

  test('a daemon that is stopped is told, and one that goes on is asked again', async () => {
    const { processId } = (await mac.ask({ path: '/v1/health' })).json<{ processId: number }>();
    const raycast = mac.launch({ command });
    await raycast.until(shows('weather.mp3', 'cards.wav'));
    process.kill(processId, 'SIGSTOP');
    try {
      await raycast.search('cards');
      let isTold = false;
      const told = raycast.until(({ view }) => {
        isTold = view?.children.some(({ props }) => props['title'] === 'Hearth runs, but does not answer.') === true;
        return isTold;
      });
      while (!isTold) await raycast.waitLong();
      await told;
    } finally {
      process.kill(processId, 'SIGCONT');
    }
    await raycast.act('Try Again');
    await raycast.until(shows('cards.wav'));
  });

  test('a text is pasted or copied, whichever preferences name first', async () => {
    const raycast = mac.launch({ command, preferences: { delivery: 'copy' } });
    const { view } = await raycast.until(shows('weather.mp3', 'cards.wav'));
    expect(actionsOf(itemsOf(view)[0] ?? null).slice(0, 2)).toEqual(['Copy Text', 'Paste Text']);
    await raycast.act('Paste Text', { item: 'weather.mp3' });
    const { pasted } = await raycast.until(({ pasted }) => pasted.length > 0);
    expect(pasted).toEqual([expect.stringMatching(/weather/i)]);
  });

  test.each([
    ['Text', 'txt', /weather/i],
    ['Markdown', 'md', /^# weather\n/],
    ['Word', 'docx', /^PK/],
    ['SubRip Subtitles', 'srt', /^1\n00:00:0\d,\d{3} --> /],
    ['WebVTT Subtitles', 'vtt', /^WEBVTT\n/],
    ['JSON', 'json', /"segments":/],
  ])('as %s it is exported beside the recording, and shown', async (title, extension, content) => {
    const raycast = mac.launch({ command });
    await raycast.act(title, { item: 'weather.mp3' });
    const { shownInFinder, toast } = await raycast.until(({ shownInFinder }) => shownInFinder.length > 0);
    const path = join(mac.userHome, 'Music', `weather.${extension}`);
    expect(shownInFinder).toEqual([path]);
    expect(toast).toMatchObject({ style: 'SUCCESS', title: 'Exported', message: path });
    expect(await readFile(path, 'utf8')).toMatch(content);
  });

  test('without its recording it is exported to the downloads, and cannot be transcribed again', async () => {
    await rm(join(mac.userHome, 'Music', 'weather.mp3'));
    const raycast = mac.launch({ command });
    const { view } = await raycast.until(shows('weather.mp3', 'cards.wav'));
    const actions = itemsOf(view).map(actionsOf);
    expect(actions[0]).not.toContain('Transcribe Again…');
    expect(actions[1]).toContain('Transcribe Again…');
    await raycast.act('Text', { item: 'weather.mp3' });
    const { shownInFinder } = await raycast.until(({ shownInFinder }) => shownInFinder.length > 0);
    expect(shownInFinder).toEqual([join(mac.userHome, 'Downloads', 'weather.txt')]);
    expect(existsSync(shownInFinder[0] as string)).toBe(true);
  });

  test('a recording is shown in Finder, and transcribed again with other options', async () => {
    const path = join(mac.userHome, 'Music', 'cards.wav');
    const raycast = mac.launch({ command });
    await raycast.act('Show Recording in Finder', { item: 'cards.wav' });
    await raycast.until(({ shownInFinder }) => shownInFinder[0] === path);
    await raycast.act('Transcribe Again…', { item: 'cards.wav' });
    await raycast.until(({ view }) => view?.type === 'Form' && view.props['isLoading'] === false);
    await raycast.fill({ language: 'en', format: 'vtt' });
    await raycast.act('Transcribe');
    const { depth } = await raycast.until(({ view }) => markdownOf(view).startsWith('```\nWEBVTT\n'));
    expect(depth).toBe(3);
  });

  test('the whole text of a long transcript is shown when it is selected', async () => {
    await transcribe(await mac.addRecording(long, 'long.flac'));
    const raycast = mac.launch({ command });
    const { view } = await raycast.until((screen) => titles(screen)[0] === 'long.flac');
    expect(markdownOf(itemsOf(view)[0] ?? null)).not.toMatch(/work ?house/);
    await raycast.select(itemsOf(view)[0]?.props['id'] as string);
    await raycast.until(({ view }) => /iron.*work ?house/s.test(markdownOf(itemsOf(view)[0] ?? null)));
  });

  test('a transcript is deleted only when that is confirmed', async () => {
    const kept = mac.launch({ command, confirms: false });
    await kept.act('Delete Transcript', { item: 'weather.mp3' });
    const { alerts } = await kept.until(({ alerts }) => alerts.length > 0);
    expect(alerts).toEqual(['Delete this transcript?']);
    const deleted = mac.launch({ command });
    await deleted.act('Delete Transcript', { item: 'weather.mp3' });
    const screen = await deleted.until(
      (screen) => titles(screen).length > 0 && !titles(screen).includes('weather.mp3'),
    );
    expect(titles(screen)).toEqual(['long.flac', 'cards.wav', 'cards.wav']);
  });

  test('a job that runs is listed, and can be cancelled', async () => {
    const started = mac.launch({
      command: 'transcribe-clipboard-audio',
      clipboard: { file: await mac.addRecording(long, 'running.flac') },
    });
    await started.until(({ toast }) => /^\d+%/.test(toast?.message ?? ''));
    await started.end();
    const raycast = mac.launch({ command });
    await raycast.act('Cancel', { item: 'running.flac' });
    await raycast.until((screen) => !titles(screen).includes('running.flac'));
    expect((await mac.finalJobStates()).at(-1)).toBe('cancelled');
  });
});

describe('a history of many pages', () => {
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
    const path = await mac.addRecording('test/fixtures/audio/am_digital_silence.wav');
    const headers = { 'content-type': 'application/json' };
    for (let number = 1; number <= 51; number++) {
      const answer = await mac.ask({
        path: `/v1/transcriptions?name=${number}`,
        headers,
        body: JSON.stringify({ path }),
      });
      expect(answer.status).toBe(200);
    }
  });
  afterAll(() => mac.clear());

  test('is read page by page', async () => {
    const raycast = mac.launch({ command });
    const first = await raycast.until((screen) => titles(screen).length === 50);
    expect(titles(first).at(-1)).toBe('2');
    await raycast.loadMore();
    const second = await raycast.until((screen) => titles(screen).length === 51);
    expect(titles(second).at(-1)).toBe('1');
    await expect(raycast.loadMore()).rejects.toThrow('got its end');
  });
});

describe('with Hearth stopped or stopping', () => {
  beforeAll(async () => {
    mac = await startMac();
    await installHearthCommand(mac.userHome, mac.hearthHome);
  });
  afterAll(() => mac.clear());

  test('the list says so, and Start Hearth fills it', async () => {
    const raycast = mac.launch({ command });
    const { view } = await raycast.until(({ view }) => view?.children[0]?.props['title'] === 'Hearth is not running.');
    expect(actionsOf(view)).toEqual(['Start Hearth', 'Try Again', 'Open Preferences']);
    await raycast.act('Start Hearth');
    const { view: started } = await raycast.until(
      ({ view }) => view?.children[0]?.props['title'] !== 'Hearth is not running.',
    );
    expect(started?.children[0]?.props).toMatchObject({ title: 'No transcripts yet' });
  });

  test('an action on a daemon that was killed says so, and goes on when it is started again', async () => {
    await transcribe(await mac.addRecording(cards, 'cards.wav'));
    const raycast = mac.launch({ command, preferences: { delivery: 'copy' } });
    await raycast.until(shows('cards.wav'));
    await mac.killHearth();
    await raycast.act('Copy Text', { item: 'cards.wav' });
    const { toast } = await raycast.until(({ toast }) => toast?.actions[0] === 'Start Hearth');
    expect(toast).toEqual({
      style: 'FAILURE',
      title: 'Hearth is not running.',
      message: '',
      actions: ['Start Hearth'],
    });
    await raycast.pressToast('Start Hearth');
    const screen = await raycast.until(({ clipboard }) => clipboard !== null);
    expect(screen.clipboard).toMatch(/of \w+/);
    expect(screen.toast).toBeNull();
  });
});
