import { describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import { transcribe } from '../../../daemon/src/whisper/transcribe.ts';
import type { TranscribeEvent } from '../../../daemon/src/whisper/transcript.ts';
import { readVocabulary } from '../../engine/support/vocabulary.ts';
import { type Answer, createScriptedModel, type DecodedRow, type ModelScript, silentAudio } from './scripted-model.ts';

const multilingual = readVocabulary('multilingual', 51865);
const { special } = multilingual;
const fullWindow = 3000;

const at = (seconds: number) => special.timestampBegin + Math.round(seconds / 0.02);
const likely = (text: string, endSeconds: number): Answer => ({
  tokens: [at(0), ...multilingual.encode(text), at(endSeconds)],
  avgLogprob: -0.2,
  noSpeechProb: 0.01,
});
const sentence =
  ' And so my fellow Americans ask not what your country can do for you, ask what you can do for your country instead.';

/** Somebody speaks from the first second to the last but one. */
function speechIn(seconds: number): Float32Array {
  return Float32Array.from({ length: Math.ceil(seconds / 0.032) }, (_, i) => (i * 0.032 < seconds - 1 ? 1 : 0));
}

interface Run {
  readonly answer?: ModelScript['answer'];
  readonly languageProbability?: NonNullable<ModelScript['languageProbability']>;
  readonly seconds?: number;
  readonly speech?: Float32Array | null;
  readonly options?: TranscriptionOptions;
}

async function run({ seconds = 10, speech = speechIn(seconds), options, ...script }: Run) {
  const scripted = createScriptedModel({
    answer: () => likely(sentence, seconds - 1),
    ...script,
    ...(speech !== null && { speech }),
  });
  const steps = transcribe({
    model: scripted.model,
    vocabulary: multilingual,
    audio: silentAudio(seconds),
    options: resolveOptions({ language: 'en', window: 'short', ...options }),
  });
  const events: TranscribeEvent[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    if (done) {
      expect(scripted.openHandles()).toBe(0);
      const windows = scripted.decoded.map(({ windowFrames }) => windowFrames);
      return { transcript: value, events, windows, decoded: scripted.decoded };
    }
    events.push(value);
  }
}

const isShort = ({ windowFrames }: DecodedRow) => windowFrames < fullWindow;

describe('a recording of one window', () => {
  test('is heard in a window as short as its sound allows, if that is asked for', async () => {
    expect((await run({})).windows).toEqual([1400]);
    expect((await run({ seconds: 3 })).windows).toEqual([1200]);
    expect((await run({ seconds: 24 })).windows).toEqual([2800]);
    expect((await run({ options: { window: 'full' } })).windows).toEqual([fullWindow]);
  });

  test('is heard so also without `vad`, and window after window', async () => {
    expect((await run({ options: { vad: false } })).windows).toEqual([1400]);
    expect((await run({ options: { sequential: true } })).windows).toEqual([1400]);
  });

  test('is heard whole where nothing listens for speech, so that nothing could check its text', async () => {
    expect((await run({ speech: null })).windows).toEqual([fullWindow]);
    const reference = await run({ options: { sequential: true, vad: false } });
    expect(reference.windows).toEqual([fullWindow]);
    expect(reference.transcript.warnings).toMatchObject([{ code: 'option-without-effect' }]);
  });

  test.each<[string, Answer]>([
    ['repeats itself', likely(' so it is'.repeat(30), 9)],
    ['is unlikely', { ...likely(sentence, 9), avgLogprob: -1.5 }],
    ['is unlikely and maybe silence', { tokens: [], avgLogprob: -1.5, noSpeechProb: 0.9 }],
    ['ends before the speech does', likely(sentence, 5)],
    ['has a few words for all that is said', likely(' And so.', 9)],
    ['says nothing', { tokens: [at(0), at(9)], avgLogprob: -0.2, noSpeechProb: 0.01 }],
  ])('is heard again in the full window when its text %s', async (_, doubtful) => {
    const heard = await run({ answer: (row) => (isShort(row) ? doubtful : likely(sentence, 9)) });
    expect(heard.windows).toEqual([1400, fullWindow]);
    expect(heard.transcript.text).toBe(sentence);
  });

  test('is decoded once in the short window, and at every temperature in the full one', async () => {
    const unlikely = { ...likely(sentence, 9), avgLogprob: -1.5 };
    const { decoded } = await run({ answer: () => unlikely, options: { temperature: [0, 0.4] } });
    expect(decoded.slice(0, 3).map(({ windowFrames, temperature }) => [windowFrames, temperature])).toEqual([
      [1400, 0],
      [fullWindow, 0],
      [fullWindow, 0.4],
    ]);
  });
});

test('a language that a short window suggests does not count when its text does not', async () => {
  let detections = 0;
  const [english, german] = [special.startOfTranscript + 1, special.startOfTranscript + 3];
  const heard = await run({
    answer: (row) => (isShort(row) ? { ...likely(sentence, 9), avgLogprob: -1.5 } : likely(sentence, 9)),
    languageProbability: (token) => {
      if (token === english) detections += 1;
      return token === (detections === 1 ? german : english) ? 0.9 : 0.001;
    },
    options: { language: 'auto' },
  });
  expect(heard.decoded.map(({ prompt }) => prompt[1])).toEqual([german, english]);
  expect(heard.events.filter(({ type }) => type === 'language-detected')).toMatchObject([{ language: 'en' }]);
  expect(heard.transcript.language).toBe('en');
});

test.each([
  ['more speech than a window holds', 40, speechIn(40)],
  ['two windows, however short', 25, speechIn(25).map((each, i) => (i > 160 && i < 480 ? 0 : each))],
])('a recording of %s is heard in full windows', async (_, seconds, speech) => {
  const { windows } = await run({ seconds, speech, answer: ({ frameCount }) => likely(sentence, frameCount / 100) });
  expect(windows.length).toBeGreaterThan(1);
  expect(new Set(windows)).toEqual(new Set([fullWindow]));
});
