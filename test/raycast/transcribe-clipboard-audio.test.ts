import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClipboardContent, Launch } from './host/messages.ts';
import { installAgent, installHearthCommand } from './support/install-programs.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const cards = 'test/fixtures/audio/pocketsphinx_cards_001.wav';
const long = 'test/fixtures/audio/librispeech-1688-joined.flac';
const command = 'transcribe-clipboard-audio';

describe('with Hearth running', () => {
  let mac: TestMac;
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
  });
  afterEach(() => mac.endCommands());
  afterAll(() => mac.clear());

  test.each<[string, (path: string) => ClipboardContent]>([
    ['a file', (file) => ({ file })],
    ['a file as a URL', (path) => ({ file: fileUrl(path) })],
    ['HTML that links to a file', (path) => ({ html: `<meta charset="utf-8"><a href="${fileUrl(path)}">it</a>` })],
    ['a path as text', (path) => ({ text: `'${path}'\n` })],
  ])('%s on the clipboard is transcribed, and its text pasted', async (_, clipboardOf) => {
    const path = await mac.addRecording(cards, 'Ace & king, 1.wav');
    const raycast = mac.launch({ command, clipboard: clipboardOf(path) });
    const { pasted, huds, toast, isWindowOpen } = await raycast.until(({ isDone }) => isDone);
    expect(pasted).toEqual([expect.stringMatching(/of \w+/)]);
    expect({ huds, toast, isWindowOpen }).toEqual({
      huds: ['Pasted the text of Ace & king, 1.wav'],
      toast: null,
      isWindowOpen: false,
    });
  });

  test.each<[string, (path: string, other: string) => string]>([
    ['spaces escaped for a shell', (path) => path.replace(/[ &']/g, '\\$&')],
    ['in double quotation marks, with a line end', (path) => `"${path}"\r\n`],
    ['with a quotation mark as a shell writes it', (path) => `'${path.replaceAll("'", "'\\''")}'`],
    ['from the home folder', (path) => `~${path.slice(mac.userHome.length)}\n`],
    ['as a URL with percent codes', (path) => `${fileUrl(path)}\n`],
    ['as a URL with a host', (path) => fileUrl(path).replace('file://', 'file://localhost')],
    ['as a URL in angle brackets', (path) => `<${fileUrl(path)}>`],
    ['with spaces around', (path) => `  ${path}  \r\n\r\n`],
  ])('a path as text is understood: %s', async (_, write) => {
    const path = await mac.addRecording(cards, "Ace & king's 1.wav");
    const raycast = mac.launch({ command, clipboard: { text: write(path, '') } });
    const { huds } = await raycast.until(({ isDone }) => isDone);
    expect(huds).toEqual(["Pasted the text of Ace & king's 1.wav"]);
  });

  test.each<[string, (paths: readonly string[]) => string]>([
    ['one a line, with Windows line ends', (paths) => `${paths.join('\r\n')}\r\n`],
    ['escaped on one line', (paths) => paths.map((path) => path.replaceAll(' ', '\\ ')).join(' ')],
    ['quoted on one line', (paths) => paths.map((path) => `'${path}'`).join(' ')],
    ['plain on one line', (paths) => paths.join(' ')],
    ['URLs on one line', (paths) => paths.map(fileUrl).join(' ')],
    ['a list of URLs with a comment', (paths) => ['# from a file manager', ...paths.map(fileUrl)].join('\r\n')],
  ])('several paths as text are understood: %s', async (_, write) => {
    const paths = [await mac.addRecording(cards, 'one two.wav'), await mac.addRecording(cards, 'three #4.wav')];
    const raycast = mac.launch({ command, clipboard: { text: write(paths) } });
    const { pasted } = await raycast.until(({ isDone }) => isDone);
    expect(pasted).toEqual([expect.stringMatching(/^one two\.wav\n.*\n\nthree #4\.wav\n/)]);
  });

  test.each([
    ['the whole disk', () => '/'],
    ['a folder', () => mac.userHome],
    ['a line that no path is as long as', () => `/${'a'.repeat(10_000)}`],
  ])('as text, %s names no file', async (_, text) => {
    const raycast = mac.launch({ command, clipboard: { text: text() } });
    const { toast } = await raycast.until(({ isDone }) => isDone);
    expect(toast).toMatchObject({ style: 'FAILURE', title: 'No file on the clipboard' });
    expect(await mac.jobStates()).not.toContain('running');
  });

  test('a folder that was copied in Finder is searched', async () => {
    await mkdir(join(mac.userHome, 'Copied'));
    await mac.addRecording(cards, '../Copied/1.wav');
    const raycast = mac.launch({ command, clipboard: { file: join(mac.userHome, 'Copied'), text: 'Copied' } });
    const { huds } = await raycast.until(({ isDone }) => isDone);
    expect(huds).toEqual(['Pasted the text of 1.wav']);
  });

  test('the text is copied where preferences say so', async () => {
    const file = await mac.addRecording(cards);
    const raycast = mac.launch({ command, clipboard: { file }, preferences: { delivery: 'copy' } });
    const { pasted, clipboard, huds } = await raycast.until(({ isDone }) => isDone);
    expect({ pasted, huds }).toEqual({ pasted: [], huds: ['Copied the text of pocketsphinx_cards_001.wav'] });
    expect(clipboard).toMatch(/\w+ \w+/);
  });

  test('silence is told, and nothing is pasted', async () => {
    const file = await mac.addRecording('test/fixtures/audio/silence_30s.flac');
    const { pasted, huds } = await mac.launch({ command, clipboard: { file } }).until(({ isDone }) => isDone);
    expect({ pasted, huds }).toEqual({ pasted: [], huds: ['No speech in silence_30s.flac'] });
  });

  test('a clipboard without a file says what to do', async () => {
    const raycast = mac.launch({ command, clipboard: { text: 'just words' } });
    const { toast, pasted } = await raycast.until(({ isDone }) => isDone);
    expect(toast).toMatchObject({ style: 'FAILURE', title: 'No file on the clipboard' });
    expect(pasted).toEqual([]);
  });

  test('what is no recording is told in the daemon’s words', async () => {
    const file = await mac.addRecording('test/fixtures/audio/random_bytes.mp3');
    const { toast } = await mac.launch({ command, clipboard: { file } }).until(({ isDone }) => isDone);
    expect(toast).toMatchObject({ style: 'FAILURE', title: 'Could not transcribe random_bytes.mp3', actions: [] });
    expect(toast?.message).toBe('This is not audio that Hearth can read. Convert it to wav, flac, mp3, ogg or m4a.');
  });

  test('progress is shown in one toast, whose action cancels the job', async () => {
    const file = await mac.addRecording(long);
    const raycast = mac.launch({ command, clipboard: { file } });
    const { toast: progress } = await raycast.until(({ toast }) => /^\d+%/.test(toast?.message ?? ''));
    expect(progress).toMatchObject({
      style: 'ANIMATED',
      title: 'Transcribing librispeech-1688-joined.flac',
      actions: ['Cancel'],
    });
    await raycast.pressToast('Cancel');
    const { toast, pasted } = await raycast.until(({ isDone }) => isDone);
    expect(toast).toEqual({ style: 'FAILURE', title: 'Cancelled', message: undefined, actions: [] });
    expect(pasted).toEqual([]);
    expect((await mac.finalJobStates()).at(-1)).toBe('cancelled');
  });
});

describe('with Hearth stopped or stopping', () => {
  let mac: TestMac;
  const launch = (more: Partial<Launch>) => mac.launch({ command, ...more });
  beforeAll(async () => {
    mac = await startMac();
  });
  afterEach(() => mac.endCommands());
  afterAll(() => mac.clear());

  test('one sentence tells, and Start Hearth says when there is nothing to start', async () => {
    const raycast = launch({ clipboard: { file: await mac.addRecording(cards) } });
    await raycast.until(({ toast }) => toast?.title === 'Hearth is not running.');
    expect(raycast.screen.toast).toMatchObject({ style: 'FAILURE', message: '', actions: ['Start Hearth'] });
    await raycast.pressToast('Start Hearth');
    const { toast } = await raycast.until(({ toast }) => toast?.title.startsWith('There is no') === true);
    expect(toast).toEqual({
      style: 'FAILURE',
      title: 'There is no hearth command in the usual places.',
      message: 'Install Hearth, or choose its command in the extension’s preferences.',
      actions: ['Start Hearth', 'Open Preferences'],
    });
    await raycast.pressToast('Open Preferences');
    await raycast.until(({ preferencesOpened }) => preferencesOpened === 1);
    // Nobody starts it: the command ends, and what it said stays.
    await raycast.waitLong();
    const ended = await raycast.until(({ isDone }) => isDone);
    expect(ended.toast?.title).toBe('There is no hearth command in the usual places.');
  });

  test('Start Hearth runs the hearth command, and the work goes on', async () => {
    await installHearthCommand(mac.userHome, mac.hearthHome);
    const raycast = launch({ clipboard: { file: await mac.addRecording(cards) } });
    await raycast.until(({ toast }) => toast?.actions[0] === 'Start Hearth');
    await raycast.pressToast('Start Hearth');
    const { pasted, toast } = await raycast.until(({ isDone }) => isDone);
    expect({ count: pasted.length, toast }).toEqual({ count: 1, toast: null });
  });

  test('a daemon that is killed in the middle is told, and its job goes on when it is started again', async () => {
    const raycast = launch({ clipboard: { file: await mac.addRecording(long) } });
    await raycast.until(({ toast }) => /^\d+%/.test(toast?.message ?? ''));
    await mac.killHearth();
    await raycast.until(({ toast }) => toast?.message === 'Hearth stopped. Waiting for it to restart');
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast).toEqual({
      style: 'FAILURE',
      title: 'Hearth stopped while transcribing librispeech-1688-joined.flac.',
      message: '',
      actions: ['Start Hearth'],
    });
    await raycast.pressToast('Start Hearth');
    const { pasted, clipboard } = await raycast.until(({ isDone }) => isDone);
    expect(pasted[0] ?? clipboard).toMatch(/iron.*work ?house/s);
  });

  test('launchd is asked where it looks after Hearth, and a killed daemon that it brings back is followed again', async () => {
    const programs = await installAgent(mac.userHome, mac.hearthHome);
    await mac.killHearth();
    const raycast = launch({ programs, clipboard: { file: await mac.addRecording(long) } });
    await raycast.until(({ toast }) => toast?.actions[0] === 'Start Hearth');
    await raycast.pressToast('Start Hearth');
    await raycast.until(({ toast }) => /^\d+%/.test(toast?.message ?? ''));
    await mac.killHearth();
    await raycast.until(({ toast }) => toast?.message === 'Hearth stopped. Waiting for it to restart');
    const { toast, pasted, clipboard } = await raycast.until(({ isDone }) => isDone);
    expect(toast).toBeNull();
    expect(pasted[0] ?? clipboard).toMatch(/iron.*work ?house/s);
  });
});

function fileUrl(path: string): string {
  return pathToFileURL(path).href;
}
