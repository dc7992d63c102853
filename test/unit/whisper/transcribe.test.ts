import { readFileSync } from 'node:fs';
import type { NativeVoiceActivity } from '@hearth/native';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TranscriptionOptions } from '../../../daemon/src/options/transcription-options.ts';
import { createModelBatch } from '../../../daemon/src/whisper/batch/model-batch.ts';
import { createStopwatch } from '../../../daemon/src/whisper/stopwatch.ts';
import { createVocabulary } from '../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { type TranscribeRequest, transcribe } from '../../../daemon/src/whisper/transcribe.ts';
import type { TranscribeEvent, Transcript } from '../../../daemon/src/whisper/transcript.ts';
import { type Answer, createScriptedModel, type ModelScript, silentAudio } from './scripted-model.ts';

const file = (name: string) => readFileSync(new URL(`../../../assets/tokenizer/${name}.tiktoken`, import.meta.url));
const multilingual = createVocabulary(file('multilingual'), 51865);
const withCantonese = createVocabulary(file('multilingual'), 51866);
const englishOnly = createVocabulary(file('gpt2'), 51864);
const { special } = multilingual;

/** The token of a time within a window. */
const at = (seconds: number) => special.timestampBegin + Math.round(seconds / 0.02);
const spoken = (text: string, from: number, to: number) => [at(from), ...multilingual.encode(text), at(to)];
const likely = (tokens: readonly number[]): Answer => ({ tokens, avgLogprob: -0.2, noSpeechProb: 0.01 });
const silence: Answer = { tokens: [], avgLogprob: -2, noSpeechProb: 0.9 };

function begin(script: ModelScript, overrides: Partial<TranscribeRequest> & { readonly seconds?: number } = {}) {
  const { seconds = 10, options = { language: 'en' }, ...others } = overrides;
  const scripted = createScriptedModel(script);
  const steps = transcribe({
    batch: createModelBatch(scripted.model, 24),
    vocabulary: multilingual,
    audio: silentAudio(seconds),
    options,
    compressedLength: (bytes) => bytes.length,
    stopwatch: createStopwatch(() => 0),
    ...others,
  });
  return { ...scripted, steps };
}

async function finish(steps: AsyncGenerator<TranscribeEvent, Transcript>) {
  const events: TranscribeEvent[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { events, transcript: value };
    events.push(value);
  }
}

describe('the language', () => {
  const script: ModelScript = {
    answer: () => likely(spoken(' Guten Tag.', 0, 2)),
    languageProbability: (token) => (token === special.startOfTranscript + 3 ? 0.75 : 0.0025),
  };

  test('is detected from the first window, which is encoded once', async () => {
    const run = begin(script, { options: {}, seconds: 40 });
    const { events, transcript } = await finish(run.steps);
    expect(events[0]).toEqual({ type: 'language-detected', language: 'de', probability: 0.75 });
    expect(events.filter(({ type }) => type === 'language-detected')).toHaveLength(1);
    expect(transcript.language).toBe('de');
    expect(transcript.languageProbabilities?.[0]).toEqual({ language: 'de', probability: 0.75 });
    expect(transcript.languageProbabilities).toHaveLength(99);
    expect(run.encodedWindows()).toBe(2);
    expect(run.decoded[0]?.prompt).toEqual([
      special.startOfTranscript,
      special.startOfTranscript + 3,
      special.transcribe,
    ]);
  });

  test('is the likeliest of the candidates, wherever another one is likelier', async () => {
    const likelier = (token: number) => {
      if (token === special.startOfTranscript + 3) return 0.7;
      return token === special.startOfTranscript + 1 ? 0.06 : 0.002;
    };
    const run = begin({ ...script, languageProbability: likelier }, { options: { languages: ['pl', 'English'] } });
    const { events, transcript } = await finish(run.steps);
    const probability = expect.closeTo(0.06 / 0.062);
    expect(events[0]).toEqual({ type: 'language-detected', language: 'en', probability });
    expect(transcript.languageProbabilities).toEqual([
      { language: 'en', probability },
      { language: 'pl', probability: expect.closeTo(0.002 / 0.062) },
    ]);
    expect(run.decoded[0]?.prompt[1]).toBe(special.startOfTranscript + 1);
  });

  test('is not detected where it is given, as a code or an English name', async () => {
    for (const language of ['de', 'German']) {
      const { events, transcript } = await finish(begin(script, { options: { language } }).steps);
      expect(transcript).toMatchObject({ language: 'de', languageProbabilities: null });
      expect(events.map(({ type }) => type)).toEqual(['segments-decoded']);
    }
  });

  test('is English, and goes without tokens, for an English-only model', async () => {
    const run = begin(script, {
      vocabulary: englishOnly,
      options: {},
    });
    const { transcript } = await finish(run.steps);
    expect(transcript).toMatchObject({ language: 'en', languageProbabilities: null });
    expect(run.decoded[0]?.prompt).toEqual([englishOnly.special.startOfTranscript]);
  });

  test('can be Cantonese for a model that has it', async () => {
    const run = begin(
      { answer: () => likely([withCantonese.special.timestampBegin, ...withCantonese.encode(' 早晨')]) },
      { vocabulary: withCantonese, options: { language: 'cantonese' } },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript).toMatchObject({ language: 'yue', text: ' 早晨' });
    expect(run.decoded[0]?.prompt).toEqual([50258, 50358, 50360]);
  });

  test.each<[string, TranscriptionOptions, typeof multilingual]>([
    ['an unknown language', { language: 'klingon' }, multilingual],
    ['a language that came with a later model', { language: 'yue' }, multilingual],
    ['a foreign language for an English-only model', { language: 'de' }, englishOnly],
    ['candidates of which the model lacks one', { languages: ['de', 'yue'] }, multilingual],
    ['candidates without English for an English-only model', { languages: ['de', 'fr'] }, englishOnly],
    ['a translation by an English-only model', { task: 'translate' }, englishOnly],
  ])('%s is refused before anything is encoded', async (_, options, vocabulary) => {
    const run = begin(script, { options, vocabulary });
    await expect(run.steps.next()).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringMatching(/^Expected .+, got .+\.$/),
    });
    expect(run.encodedWindows()).toBe(0);
  });
});

describe('windows', () => {
  test.each([0, 0.0099])('a recording of %d s has none, and an empty transcript', async (seconds) => {
    const run = begin({ answer: () => silence }, { seconds, options: {} });
    const { events, transcript } = await finish(run.steps);
    expect(events).toEqual([]);
    expect(transcript).toMatchObject({ text: '', segments: [], language: 'en', languageProbabilities: null });
    expect(run.encodedWindows()).toBe(0);
  });

  test('follow each other to the end of the recording, and the last holds what is left', async () => {
    const run = begin({ answer: () => likely(spoken(' Word.', 0, 5)) }, { seconds: 65 });
    const { events } = await finish(run.steps);
    expect(run.decoded.map(({ startFrame, frameCount }) => [startFrame, frameCount])).toEqual([
      [0, 3000],
      [3000, 3000],
      [6000, 500],
    ]);
    expect(events.map((event) => event.type === 'segments-decoded' && event.processedSeconds)).toEqual([30, 60, 65]);
  });

  test('a silent window is a step without segments', async () => {
    const run = begin(
      { answer: ({ startFrame }) => (startFrame === 0 ? silence : likely(spoken(' Late.', 1, 2))) },
      {
        seconds: 40,
      },
    );
    const { events, transcript } = await finish(run.steps);
    expect(events[0]).toEqual({ type: 'segments-decoded', segments: [], processedSeconds: 30 });
    expect(transcript.segments).toMatchObject([
      { id: 0, seek: 3000, startSeconds: 30, endSeconds: 32, text: ' Late.' },
    ]);
  });

  test('a likely text is kept however much the window looks like silence', async () => {
    const answer = { ...likely(spoken(' Whispered.', 0, 2)), noSpeechProb: 0.95 };
    const { transcript } = await finish(begin({ answer: () => answer }).steps);
    expect(transcript.text).toBe(' Whispered.');
  });

  test('whatever tokens come, each window starts after the one before', async () => {
    const token = fc.oneof(
      fc.integer({ min: 0, max: special.endOfText - 1 }),
      fc.integer({ min: special.timestampBegin, max: special.timestampBegin + 3 }),
      fc.integer({ min: special.timestampBegin, max: special.timestampBegin + 1500 }),
    );
    const answers = fc.array(fc.array(token, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async (tokens, withoutTimestamps) => {
        let turn = 0;
        const run = begin(
          { answer: () => likely(tokens[turn++ % tokens.length] as number[]) },
          { seconds: 3, options: { language: 'en', withoutTimestamps, temperature: [0] } },
        );
        let previous = -1;
        for (let step = await run.steps.next(); !step.done; step = await run.steps.next()) {
          const startFrame = run.decoded.at(-1)?.startFrame as number;
          expect(startFrame).toBeGreaterThan(previous);
          previous = startFrame;
        }
        expect(run.openHandles()).toBe(0);
      }),
    );
  });
});

describe('parts that are decoded together', () => {
  /** Speech, but for one second from 24 on. */
  const voiceActivity: NativeVoiceActivity = {
    speechProbabilities: async () =>
      Float32Array.from({ length: Math.ceil(50 / 0.032) }, (_, i) => (i * 0.032 >= 24 && i * 0.032 < 25 ? 0 : 1)),
    close: () => undefined,
  };
  const inBatches = (answer: ModelScript['answer'], options: TranscriptionOptions = {}) =>
    begin({ answer }, { seconds: 50, batchSize: 2, voiceActivity, options: { language: 'en', ...options } });

  test('are as few as there can be, and each is told until when somebody speaks', async () => {
    const run = inBatches(({ startFrame }) => likely(spoken(startFrame === 0 ? ' One.' : ' Two.', 0, 24)));
    const { transcript } = await finish(run.steps);
    expect(transcript.text).toBe(' One. Two.');
    expect(run.decoded.map(({ startFrame, frameCount }) => [startFrame, frameCount])).toEqual([
      [0, 2451],
      [2451, 2549],
    ]);
    const untilSeconds = run.decoded.map(({ speechUntil = 0 }) => (speechUntil - special.timestampBegin) * 0.02);
    expect(untilSeconds[0]).toBeCloseTo(23, 1);
    expect(untilSeconds[1]).toBeCloseTo(24.5, 1);
  });

  test.each([[{}], [{ temperature: [0.4], bestOf: 2 }], [{ withoutTimestamps: true }]])(
    'are encoded once each, however their texts end, with %j',
    async (options) => {
      const run = inBatches(() => likely([...spoken(' Word.', 0, 20), at(20)]), options);
      await finish(run.steps);
      expect(run.encodedWindows()).toBe(2);
      expect(run.openHandles()).toBe(0);
    },
  );

  test('are heard again where a text got as long as it may', async () => {
    const word = multilingual.encode(' word');
    const dense = [...spoken(' Much.', 0, 10), at(10), ...Array.from({ length: 300 }, () => word).flat()].slice(0, 224);
    const run = inBatches(({ startFrame }) => likely(startFrame === 0 ? dense : spoken(' More.', 0, 2)), {
      temperature: [0],
      loopGuard: false,
    });
    const { transcript } = await finish(run.steps);
    expect(run.decoded.map(({ startFrame }) => startFrame).sort((a, b) => a - b)).toEqual([0, 1000, 2451]);
    expect(transcript.text).toBe(' Much. More. More.');
  });

  test('are not told so where a recording is decoded window after window', async () => {
    const { steps, decoded } = begin(
      { answer: () => likely(spoken(' Word.', 0, 20)) },
      { seconds: 50, voiceActivity, options: { language: 'en' } },
    );
    await finish(steps);
    expect(decoded.map(({ startFrame, speechUntil }) => [startFrame, speechUntil])).toEqual([
      [0, undefined],
      [3000, undefined],
    ]);
  });
});

describe('the text before a window', () => {
  const previousOf = (prompt: readonly number[]) =>
    multilingual.decode(prompt.slice(1, prompt.indexOf(special.startOfTranscript)));

  test('leaves out segments without length or text, which keep their place in the transcript', async () => {
    const tokens = [...spoken(' One.', 0, 1), ...spoken(' No time.', 2, 2), at(3), ...multilingual.encode(' '), at(4)];
    const run = begin(
      { answer: ({ startFrame }) => likely(startFrame === 0 ? tokens : spoken(' Two.', 0, 1)) },
      {
        seconds: 40,
      },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript.text).toBe(' One. Two.');
    expect(transcript.segments.map(({ id, text }) => [id, text])).toEqual([
      [0, ' One.'],
      [1, ''],
      [2, ''],
      [3, ' Two.'],
    ]);
    expect(transcript.segments[1]?.tokens).toEqual([]);
    expect(previousOf(run.decoded[1]?.prompt ?? [])).toBe(' One.');
  });

  test('is the initial prompt until a window says something', async () => {
    const run = begin(
      { answer: ({ startFrame }) => (startFrame < 3000 ? silence : likely(spoken(' Word.', 0, 5))) },
      {
        seconds: 80,
        options: { language: 'en', initialPrompt: '  Names: Ada. ', conditionOnPreviousText: false },
      },
    );
    await finish(run.steps);
    expect(run.decoded.map(({ prompt }) => previousOf(prompt))).toEqual([' Names: Ada.', ' Names: Ada.', '']);
  });

  test('is forgotten after a text that took a high temperature', async () => {
    const answer = ({ temperature }: { readonly temperature: number }) => ({
      ...likely(spoken(' Guess.', 0, 5)),
      avgLogprob: temperature === 0 ? -1.5 : -0.2,
    });
    const run = begin({ answer }, { seconds: 40, options: { language: 'en', temperature: [0, 0.8] } });
    await finish(run.steps);
    expect(run.decoded.map(({ prompt }) => previousOf(prompt))).toEqual(['', '', '', '']);
  });
});

describe('whoever drives it', () => {
  test('holds nothing on the device between two windows', async () => {
    const run = begin({ answer: () => likely(spoken(' Word.', 0, 5)) }, { seconds: 40 });
    await run.steps.next();
    expect(run.openHandles()).toBe(0);
  });

  test('has everything closed by leaving early', async () => {
    const run = begin({ answer: () => silence }, { seconds: 40, options: {} });
    await run.steps.next();
    await run.steps.return(undefined as never);
    expect(run.openHandles()).toBe(0);
  });

  test('sees the error of a cancelled call, and every call could be cancelled', async () => {
    const cancelled = Object.assign(new Error('Expected the end, got a cancellation.'), { code: 'CANCELLED' });
    const cancellation = { cancel: () => undefined };
    const run = begin({ answer: () => Promise.reject(cancelled) }, { cancellation });
    await expect(run.steps.next()).rejects.toBe(cancelled);
    expect(run.cancellations).toEqual([cancellation, cancellation, cancellation]);
    expect(run.openHandles()).toBe(0);
  });

  test('learns how long each stage took', async () => {
    let clockMs = 0;
    const stopwatch = createStopwatch(() => clockMs);
    const run = begin(
      {
        answer: () => {
          clockMs += 250;
          return likely(spoken(' Word.', 0, 5));
        },
      },
      { stopwatch, seconds: 40 },
    );
    await finish(run.steps);
    expect(stopwatch.seconds('decode')).toBe(0.5);
    expect(stopwatch.seconds('logMel')).toBe(0);
  });
});

describe('partial text', () => {
  const sayAloud =
    (answer: Answer): ModelScript['answer'] =>
    (row) => {
      for (const token of answer.tokens) row.request.onToken?.({ row: 0, token });
      return answer;
    };

  test('grows with each token, whole characters at a time', async () => {
    const texts: string[] = [];
    const tokens = spoken(' Ein 👩 da', 0, 2);
    const { steps } = begin(
      { answer: sayAloud(likely(tokens)) },
      { onPartial: ({ text, startSeconds }) => texts.push(`${startSeconds}:${text}`) },
    );
    await finish(steps);
    expect(texts.at(-1)).toBe('0: Ein 👩 da');
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) expect('0: Ein 👩 da'.startsWith(text)).toBe(true);
  });

  test('starts again when a window is decoded again', async () => {
    const texts: string[] = [];
    const wrong = { ...likely(spoken(' Wrong', 0, 2)), avgLogprob: -3 };
    const right = likely(spoken(' Right', 0, 2));
    const { steps } = begin(
      { answer: (row) => sayAloud(row.temperature === 0 ? wrong : right)(row) },
      { onPartial: ({ text }) => texts.push(text) },
    );
    await finish(steps);
    expect(texts).toEqual([' Wrong', ' Right']);
  });
});
