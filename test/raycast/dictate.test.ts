import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import type { RunningCommand } from './host/launch-command.ts';
import type { Screen } from './host/messages.ts';
import { installHearthCommand, installRecorder, installSox } from './support/install-programs.ts';
import { actionsOf, labelOf, markdownOf } from './support/look.ts';
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

const isRecording = ({ view }: Screen) => labelOf(view, 'State') === 'Recording';

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

  test('the session is kept in the history once, cleaned up', async () => {
    const { entries } = (await mac.ask({ path: '/v1/history' })).json<{ entries: { id: string; name: string }[] }>();
    expect(entries.map(({ name }) => name)).toEqual(['Dictation']);
    const { options } = (await mac.ask({ path: `/v1/history/${entries[0]?.id}` })).json<{ options: object }>();
    expect(options).toMatchObject({ cleanUp: true, window: 'short' });
  });

  test('a closed window ends the recording, which is offered again', async () => {
    const first = await dictate();
    await first.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await first.closeWindow();
    await first.end();
    const second = await dictate({ delivery: 'copy' });
    const { view } = await second.until(({ view }) => actionsOf(view).includes('Transcribe and Copy'));
    expect(markdownOf(view)).toMatch(/^\*\*Your last dictation was not finished\.\*\*\n\n\d+ s, recorded /);
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
    const { alerts, isWindowOpen } = await second.until(({ huds }) => huds[0] === 'Discarded the dictation');
    expect({ alerts, isWindowOpen }).toEqual({ alerts: ['Discard this dictation?'], isWindowOpen: false });
    expect(await dictations()).not.toContain(name);
  });

  test('a recording is discarded only when that is meant, and no other begins', async () => {
    const kept = mac.launch({ command: 'dictate', preferences: { recorderPath }, confirms: false });
    await kept.until(isRecording);
    await kept.act('Discard');
    await kept.until(({ alerts }) => alerts[0] === 'Discard this dictation?');
    await kept.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await kept.end();
    await rm(join(mac.supportFolder, 'dictations'), { recursive: true });
    const discarded = await dictate();
    await discarded.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await discarded.act('Discard');
    await discarded.until(({ huds }) => huds[0] === 'Discarded the dictation');
    expect(await dictations()).toEqual([]);
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
      'fails',
      () => installSox({ userHome: mac.userHome, voice: 'none', speed: 1 }),
      /^\*\*The recorder sox stopped\.\*\*\n\nIt said: “.*no default audio device configured”.*Microphone/,
    ],
    [
      'writes nothing and ends well',
      () => installRecorder(mac.userHome, 'exit 0'),
      /^\*\*Nothing was recorded\.\*\*\n\n.*Microphone/,
    ],
    [
      'is not there',
      async () => '/nowhere/sox',
      /^\*\*There is no recorder at \/nowhere\/sox\.\*\*\n\nChoose sox or ffmpeg/,
    ],
    ['is a folder', async () => mac.userHome, /^\*\*.* is not a program\.\*\*\n\nChoose sox or ffmpeg/],
    ['may not be run', () => installRecorder(mac.userHome, 'exit 0', 0o644), /^\*\*.* is not a program\.\*\*/],
  ])('a recorder that %s is told in the view, with what helps', async (_, install, said) => {
    const raycast = await dictate({ recorderPath: await install() });
    const { view, toast } = await raycast.until(({ view }) => labelOf(view, 'State') === 'Failed');
    expect(markdownOf(view)).toMatch(said);
    expect(view?.props['isLoading']).toBe(false);
    expect({ toast, actions: actionsOf(view) }).toEqual({ toast: null, actions: ['Try Again', 'Open Preferences'] });
    expect(await dictations()).toEqual([]);
    await raycast.act('Open Preferences');
    await raycast.until(({ preferencesOpened }) => preferencesOpened === 1);
  });

  test('Try Again records once the recorder works', async () => {
    const raycast = await dictate({
      recorderPath: await installSox({ userHome: mac.userHome, voice: 'none', speed: 1 }),
    });
    await raycast.until(({ view }) => labelOf(view, 'State') === 'Failed');
    await installSox({ userHome: mac.userHome, voice, speed: 4 });
    await raycast.act('Try Again');
    await raycast.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await raycast.act('Discard');
    await raycast.until(({ huds }) => huds.length > 0);
  });

  test('a recorder that listens to nobody and writes nothing is ended, and that is told', async () => {
    const raycast = await dictate({
      recorderPath: await installRecorder(mac.userHome, 'trap "" TERM; while :; do sleep 1; done'),
    });
    await raycast.until(isRecording);
    await raycast.act('Finish and Paste');
    const { view } = await raycast.until(({ view }) => labelOf(view, 'State') === 'Failed');
    expect(markdownOf(view)).toMatch(/^\*\*Nothing was recorded\.\*\*/);
    expect(actionsOf(view)).toEqual(['Try Again', 'Open Preferences']);
  });

  test('what was said before a recorder broke down is kept, and can be transcribed', async () => {
    const raycast = await dictate({
      recorderPath: await installSox({ userHome: mac.userHome, voice, speed: 4, breaksAfterSeconds: 8 }),
    });
    const { view } = await raycast.until(({ view }) => labelOf(view, 'State') === 'Failed');
    expect(markdownOf(view)).toMatch(
      /^\*\*The recorder sox stopped\.\*\*\n\n[\s\S]*The recording up to that point is kept: 8 s/,
    );
    expect(actionsOf(view)).toEqual(['Transcribe and Paste', 'Try Again', 'Open Preferences', 'Discard']);
    await raycast.act('Transcribe and Paste');
    const { pasted } = await raycast.until(({ huds }) => huds.length > 0);
    expect(pasted).toEqual([expect.stringMatching(beginning)]);
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
    const { view, toast } = await raycast.until(({ view }) => labelOf(view, 'State') === 'Failed');
    expect(toast).toBeNull();
    expect(markdownOf(view)).toBe('**Hearth is not running.**\n\nStart it and try again.');
    expect(actionsOf(view)).toEqual(['Start Hearth', 'Try Again', 'Open Preferences']);
    await raycast.act('Start Hearth');
    await raycast.until(isRecording);
  });

  test('a daemon that comes back while one speaks hears all that was said', async () => {
    await mac.startHearth();
    const raycast = await dictate();
    await raycast.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    await mac.killHearth();
    await mac.startHearth();
    await raycast.until(({ view }) => /built around it/i.test(markdownOf(view)));
    await raycast.act('Finish and Paste');
    const { pasted, toast } = await raycast.until(({ huds }) => huds.length > 0);
    expect({ pasted, toast }).toEqual({ pasted: [expect.stringMatching(whole)], toast: null });
    expect(await dictations()).toEqual([]);
    expect(await textsInHistory()).toEqual([expect.stringMatching(whole)]);
  });

  test('a session that is given up since its engines die leaves no half text: the whole is heard again', async () => {
    const said = await readFile(pathOf(voice));
    const twice = join(mac.userHome, 'twice.wav');
    await writeFile(twice, Buffer.concat([said, Buffer.alloc(4 * 32_000), said.subarray(44)]));
    recorderPath = await installSox({ userHome: mac.userHome, voice: relative(pathOf('.'), twice), speed: 4 });
    await mac.startHearth();
    const raycast = await dictate();
    await raycast.until((screen) => isRecording(screen) && beginning.test(markdownOf(screen.view)));
    while ((await firstJob()).processedSeconds === 0);
    while ((await firstJob()).endedAt === null) await killEngine();
    const { result } = (await mac.ask({ path: `/v1/jobs/${(await firstJob()).id}` })).json<{
      result: { warning_codes: readonly string[] };
    }>();
    expect(result.warning_codes).toEqual(['text-cut-off']);
    await raycast.act('Finish and Paste');
    const { pasted } = await raycast.until(({ huds }) => huds.length > 0);
    const wholeTwice = expect.stringMatching(/built around it.*built around it/is);
    expect(pasted).toEqual([wholeTwice]);
    expect(await textsInHistory()).toEqual([wholeTwice]);
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
    // The daemon keeps what it had received, too, and transcribes it when it runs again.
    expect(await textsInHistory()).toEqual([expect.stringMatching(whole)]);
  });
});

async function firstJob(): Promise<{ id: string; endedAt: string | null; processedSeconds: number }> {
  type Job = Awaited<ReturnType<typeof firstJob>>;
  return (await mac.ask({ path: '/v1/jobs' })).json<{ jobs: readonly Job[] }>().jobs[0] as Job;
}

/** If one has begun to work. */
async function killEngine(): Promise<void> {
  type Engine = { readonly status: string; readonly processId: number };
  const { status, processId } = (await mac.ask({ path: '/v1/ps' })).json<{ engine: Engine }>().engine;
  if (status !== 'ready') return;
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    // The daemon has not heard yet that the last one has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Once every job has ended. */
async function textsInHistory(): Promise<readonly string[]> {
  for (;;) {
    const { jobs } = (await mac.ask({ path: '/v1/jobs' })).json<{ jobs: { endedAt: string | null }[] }>();
    if (jobs.every(({ endedAt }) => endedAt !== null)) break;
    await delay(20);
  }
  const { entries } = (await mac.ask({ path: '/v1/history' })).json<{ entries: { id: string }[] }>();
  const texts = entries.map(async ({ id }) => (await mac.ask({ path: `/v1/history/${id}?format=txt` })).text);
  return Promise.all(texts);
}

/** Waits until the recorder has written its file's length, which it does when it ends. */
async function untilEnded(path: string): Promise<void> {
  for (;;) {
    const file = await readFile(path);
    if (file.readUInt32LE(40) === file.length - 44) return;
  }
}
