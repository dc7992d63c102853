import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { extensionFolder } from './store/ray.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const weather = 'test/fixtures/audio/msft_weather.mp3';
const long = 'test/fixtures/audio/librispeech-1688-joined.flac';

let mac: TestMac;
beforeAll(async () => {
  mac = await startMac();
  await mac.startHearth();
});
afterEach(() => mac.endCommands());
afterAll(() => mac.clear());

async function call(tool: string, input: unknown): Promise<unknown> {
  const { result } = await mac.launch({ command: `tools/${tool}`, input }).until(({ isDone }) => isDone);
  return result;
}

test('a file is transcribed, also under a path from the home folder', async () => {
  await mac.addRecording(weather);
  expect(await call('transcribe-file', { path: '~/Music/msft_weather.mp3', language: 'en' })).toEqual({
    id: expect.stringMatching(/./),
    language: 'en',
    durationSeconds: expect.closeTo(2, 0),
    text: expect.stringMatching(/weather/i),
    isCut: false,
  });
});

test('transcripts are found by their words', async () => {
  expect(await call('search-transcripts', { query: 'weather' })).toEqual([
    expect.objectContaining({ recording: 'msft_weather.mp3', text: expect.stringMatching(/weather/i), isCut: false }),
  ]);
  expect(await call('search-transcripts', { query: 'nobody said this' })).toEqual([]);
  expect(await call('search-transcripts', {})).toHaveLength(1);
});

test('the evals’ stand-in answers have the shape of the tools’ own', async () => {
  const manifest = JSON.parse(await readFile(join(extensionFolder, 'package.json'), 'utf8')) as {
    ai: { evals: { mocks: Record<string, unknown> }[] };
  };
  const path = await mac.addRecording(weather, 'shape.mp3');
  const answers = new Map<string, unknown>([
    ['transcribe-file', await call('transcribe-file', { path })],
    ['search-transcripts', await call('search-transcripts', { limit: 1 })],
  ]);
  for (const { mocks } of manifest.ai.evals) {
    for (const [tool, answer] of Object.entries(mocks)) expect(keysOf(answer)).toEqual(keysOf(answers.get(tool)));
  }
});

function keysOf(answer: unknown): string[] {
  return Object.keys((Array.isArray(answer) ? answer[0] : answer) as object).sort();
}

test.each([
  ['a relative path', { path: 'talk.mp3' }, 'Expected an absolute path, got talk.mp3.'],
  ['a folder', { path: '/tmp' }, 'tmp is a folder. Choose a recording.'],
  ['a file that is not there', { path: '/nowhere/talk.mp3' }, 'There is no file at /nowhere/talk.mp3.'],
])('%s is refused in words for the assistant', async (_, input, message) => {
  await expect(call('transcribe-file', input)).rejects.toThrow(message);
});

test('a daemon that is killed in the middle, and one that does not run, are told', async () => {
  const path = await mac.addRecording(long);
  const tool = mac.launch({ command: 'tools/transcribe-file', input: { path } });
  while (!(await mac.jobStates()).includes('running')) await delay(10);
  await mac.killHearth();
  await expect(tool.until(({ isDone }) => isDone)).rejects.toThrow('Hearth is not running. Start it and try again.');
  await expect(call('transcribe-file', { path })).rejects.toThrow('Hearth is not running. Start it and try again.');
  await expect(call('search-transcripts', {})).rejects.toThrow('Hearth is not running.');
});
