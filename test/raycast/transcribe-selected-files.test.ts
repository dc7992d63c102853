import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { installHearthCommand } from './support/install-programs.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const cards = 'test/fixtures/audio/pocketsphinx_cards_001.wav';
const weather = 'test/fixtures/audio/msft_weather.mp3';
const long = 'test/fixtures/audio/librispeech-1688-joined.flac';
const silence = 'test/fixtures/audio/am_digital_silence.wav';
const broken = 'test/fixtures/audio/random_bytes.mp3';
const command = 'transcribe-selected-files';

let mac: TestMac;
afterEach(() => mac.endCommands());

describe('with Hearth running', () => {
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
  });
  afterAll(() => mac.clear());

  test('several files are pasted as one text, each under its name', async () => {
    const finderSelection = [await mac.addRecording(cards, 'a.wav'), await mac.addRecording(weather, 'b.mp3')];
    const { pasted, huds } = await mac.launch({ command, finderSelection }).until(({ isDone }) => isDone);
    expect(pasted).toEqual([expect.stringMatching(/^a\.wav\n.*\w+\n\nb\.mp3\n.*weather/i)]);
    expect(huds).toEqual(['Pasted the text of 2 recordings']);
  });

  test('the text is saved beside each recording where preferences say so', async () => {
    const path = await mac.addRecording(cards, 'beside.wav');
    const preferences = { destination: 'beside', format: 'vtt' };
    const raycast = mac.launch({ command, finderSelection: [path], preferences });
    const { pasted, huds } = await raycast.until(({ isDone }) => isDone);
    expect({ pasted, huds }).toEqual({ pasted: [], huds: ['Saved beside.vtt'] });
    expect(await readFile(path.replace('.wav', '.vtt'), 'utf8')).toMatch(/^WEBVTT\n/);
  });

  test('a name that would become too long is cut, and no file is replaced', async () => {
    const stem = `${'議'.repeat(83)}aa`;
    const path = await mac.addRecording(cards, `${stem}.ts`);
    await writeFile(join(dirname(path), `${stem}.txt`), 'mine');
    const preferences = { destination: 'beside', format: 'json' };
    const other = { destination: 'beside', format: 'txt' };
    const first = await mac.launch({ command, finderSelection: [path], preferences }).until(({ isDone }) => isDone);
    expect(first.huds).toEqual([`Saved ${'議'.repeat(83)}a.json`]);
    const second = await mac
      .launch({ command, finderSelection: [path], preferences: other })
      .until(({ isDone }) => isDone);
    expect(second.huds).toEqual([`Saved ${'議'.repeat(83)} 2.txt`]);
    expect(await readFile(join(dirname(path), `${stem}.txt`), 'utf8')).toBe('mine');
  });

  test('a silent recording among several is left out of the text, and said', async () => {
    const finderSelection = [await mac.addRecording(cards, 'a.wav'), await mac.addRecording(silence, 'b.wav')];
    const { pasted, huds } = await mac.launch({ command, finderSelection }).until(({ isDone }) => isDone);
    expect(pasted).toEqual([expect.stringMatching(/^a\.wav\n.*\w+$/)]);
    expect(huds).toEqual(['Pasted the text of a.wav. No speech in b.wav.']);
  });

  test('where all are silent nothing is pasted', async () => {
    const finderSelection = [await mac.addRecording(silence, 'a.wav'), await mac.addRecording(silence, 'b.wav')];
    const { pasted, huds } = await mac.launch({ command, finderSelection }).until(({ isDone }) => isDone);
    expect({ pasted, huds }).toEqual({ pasted: [], huds: ['No speech in 2 recordings'] });
  });

  test('nothing is saved beside a silent recording, and that is said', async () => {
    const finderSelection = [await mac.addRecording(cards, 'c.wav'), await mac.addRecording(silence, 'd.wav')];
    const raycast = mac.launch({ command, finderSelection, preferences: { destination: 'beside' } });
    const { huds } = await raycast.until(({ isDone }) => isDone);
    expect(huds).toEqual(['Saved c.txt. No speech in d.wav.']);
    expect(await readdir(join(mac.userHome, 'Music'))).not.toContain('d.txt');
  });

  test('a folder that may not be read is skipped, and said', async () => {
    const folder = join(mac.userHome, 'Interviews');
    await mkdir(join(folder, 'private'), { recursive: true });
    await mac.addRecording(weather, '../Interviews/1.mp3');
    await mac.addRecording(cards, '../Interviews/private/2.wav');
    const refusedFolders = [join(folder, 'private')];
    const raycast = mac.launch({ command, finderSelection: [folder], refusedFolders });
    const { huds } = await raycast.until(({ isDone }) => isDone);
    expect(huds).toEqual(['Pasted the text of 1.mp3. Skipped the folder private, which Raycast cannot read.']);
    const alone = mac.launch({ command, finderSelection: refusedFolders, refusedFolders });
    const { toast } = await alone.until(({ isDone }) => isDone);
    expect(toast).toMatchObject({
      style: 'FAILURE',
      title: 'No audio or video found',
      message: 'Skipped the folder private, which Raycast cannot read.',
    });
  });

  test('of a large folder 500 recordings are taken, in the order of their names, and that is said', async () => {
    const folder = join(mac.userHome, 'Archive');
    await mkdir(folder);
    for (let number = 1; number <= 501; number++) await writeFile(join(folder, `${number}.wav`), '');
    const raycast = mac.launch({ command, finderSelection: [folder] });
    const { toast } = await raycast.until(({ isDone }) => isDone);
    expect(toast).toMatchObject({ style: 'FAILURE', title: '500 of 500 failed' });
    expect(toast?.message).toMatch(/Only the first 500 recordings were included\.$/);
  });

  test('what failed among several is told, and nothing is pasted', async () => {
    const finderSelection = [await mac.addRecording(broken), await mac.addRecording(weather)];
    const { pasted, toast } = await mac.launch({ command, finderSelection }).until(({ isDone }) => isDone);
    expect(pasted).toEqual([]);
    expect(toast).toMatchObject({ style: 'FAILURE', title: '1 of 2 failed', actions: [] });
  });

  test.each([
    ['Finder is not in front', null],
    ['nothing is selected', []],
  ])('when %s, the toast says what to do', async (_, finderSelection) => {
    const { toast } = await mac.launch({ command, finderSelection }).until(({ isDone }) => isDone);
    expect(toast).toEqual({
      style: 'FAILURE',
      title: 'Nothing is selected in Finder',
      message: 'Bring a Finder window to the front and select audio or video files, or use Transcribe File.',
      actions: [],
    });
  });

  test('the toast says how far the model is that has to be loaded first', async () => {
    await mac.ask({ method: 'POST', path: '/v1/models/unload' });
    const raycast = mac.launch({ command, finderSelection: [await mac.addRecording(weather, 'cold.mp3')] });
    const { toast } = await raycast.until(({ toast }) => toast?.message?.startsWith('Loading') === true);
    expect(toast?.message).toMatch(/^Loading the model \d+%$/);
    const { pasted } = await raycast.until(({ isDone }) => isDone);
    expect(pasted).toEqual([expect.stringMatching(/weather/i)]);
  });

  test('cancelling ends every job, and saves nothing', async () => {
    const finderSelection = [await mac.addRecording(long, '1.flac'), await mac.addRecording(long, '2.flac')];
    const raycast = mac.launch({ command, finderSelection, preferences: { destination: 'beside' } });
    const { toast: progress } = await raycast.until(({ toast }) => toast?.message?.includes('%') === true);
    expect(progress?.title).toBe('Transcribing 1 of 2');
    await mac.untilJobs(2);
    await raycast.pressToast('Cancel');
    const { toast } = await raycast.until(({ isDone }) => isDone);
    expect(toast).toMatchObject({ title: 'Cancelled', actions: [] });
    expect((await mac.finalJobStates()).slice(-2)).toEqual(['cancelled', 'cancelled']);
    expect(await readdir(join(mac.userHome, 'Music'))).not.toContain('1.txt');
  });
});

describe('with Hearth stopped or stopping', () => {
  beforeAll(async () => {
    mac = await startMac();
    await installHearthCommand(mac.userHome, mac.hearthHome);
  });
  afterAll(() => mac.clear());

  test('Start Hearth starts it, and a daemon that is killed in the middle is started again for what is left', async () => {
    const finderSelection = [await mac.addRecording(weather, 'short.mp3'), await mac.addRecording(long, 'long.flac')];
    const raycast = mac.launch({ command, finderSelection, preferences: { delivery: 'copy' } });
    const { toast: down } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(down).toMatchObject({ title: 'Hearth is not running.', actions: ['Start Hearth'] });
    await raycast.pressToast('Start Hearth');
    await raycast.until(({ toast }) => /^long\.flac · \d+%/.test(toast?.message ?? ''));
    await mac.killHearth();
    const { toast: stopped } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(stopped).toMatchObject({ title: 'Hearth stopped while transcribing long.flac.', actions: ['Start Hearth'] });
    await raycast.pressToast('Start Hearth');
    const { clipboard, toast } = await raycast.until(({ isDone }) => isDone);
    expect(clipboard).toMatch(/^short\.mp3\n.*weather.*\n\nlong\.flac\n.*iron.*work ?house/is);
    expect(toast).toBeNull();
  });
});
