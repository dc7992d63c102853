import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
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

interface Overrides extends Partial<Omit<TranscribeRequest, 'options'>> {
  readonly seconds?: number;
  readonly speech?: Float32Array;
  readonly options?: TranscriptionOptions;
}

function begin(script: ModelScript, overrides: Overrides = {}) {
  const { seconds = 10, speech, options = { language: 'en' }, ...others } = overrides;
  const scripted = createScriptedModel({ ...script, ...(speech && { speech }) });
  const steps = transcribe({
    model: scripted.model,
    vocabulary: multilingual,
    audio: silentAudio(seconds),
    options: resolveOptions(options),
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
          { answer: () => likely(tokens[turn++ % tokens.length] as number[]), alignsEvenly: true },
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
  const speech = speechBut(50, [[24, 25]]);
  const inBatches = (answer: ModelScript['answer'], options: TranscriptionOptions = {}) =>
    begin({ answer }, { seconds: 50, windowsAtATime: 2, speech, options: { language: 'en', ...options } });

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
    const more =
      ' More is said here, in so many words that nobody takes them for too few: twenty, and then some more of it.';
    const dense = [
      ...spoken(' Much is said in these ten seconds.', 0, 10),
      at(10),
      ...Array.from({ length: 300 }, () => word).flat(),
    ].slice(0, 224);
    const run = inBatches(
      ({ startFrame }) => likely(startFrame === 0 ? dense : spoken(more, 0, startFrame === 1000 ? 14.4 : 25)),
      {
        temperature: [0],
        loopGuard: false,
      },
    );
    const { transcript } = await finish(run.steps);
    expect(run.decoded.map(({ startFrame }) => startFrame).sort((a, b) => a - b)).toEqual([0, 1000, 2451]);
    expect(transcript.text).toBe(` Much is said in these ten seconds.${more}${more}`);
  });

  test('are not told so where a recording is decoded window after window', async () => {
    const { steps, decoded } = begin(
      { answer: () => likely(spoken(' Word.', 0, 20)) },
      { seconds: 50, speech, options: { language: 'en', sequential: true, vad: false } },
    );
    await finish(steps);
    expect(decoded.map(({ startFrame, speechUntil }) => [startFrame, speechUntil])).toEqual([
      [0, undefined],
      [3000, undefined],
    ]);
  });
});

/** Somebody speaks throughout but for these ranges of seconds. */
function speechBut(seconds: number, silences: readonly (readonly [number, number])[] = []): Float32Array {
  const isSilent = (time: number) => silences.some(([from, to]) => time >= from && time < to);
  return Float32Array.from({ length: Math.ceil(seconds / 0.032) }, (_, i) => (isSilent(i * 0.032) ? 0 : 1));
}

describe('speech that no text covers', () => {
  const one = ' One is said here, and more than a word.';
  const two = ' Two is said here, and it is as long a text as speech of fourteen seconds has.';
  const three = ' Three is said at the end, in as many words as that.';
  const promptOnly = { language: 'en', initialPrompt: 'Names: Ada.' };
  const textTokens = (prompt: readonly number[]) => prompt.slice(0, prompt.indexOf(special.startOfTranscript));
  const heard = (run: { readonly decoded: readonly { readonly startFrame: number }[] }) =>
    run.decoded.map(({ startFrame }) => startFrame);

  test.each([[{}], [{ sequential: true }], [{ vad: false }]])(
    'is decoded again by itself, without a text before it, with %j',
    async (options) => {
      const run = begin(
        { answer: ({ startFrame }) => likely(startFrame === 0 ? spoken(one, 0, 5) : spoken(two, 0, 14)) },
        { seconds: 19.5, speech: speechBut(19.5), options: { ...promptOnly, ...options } },
      );
      const { transcript } = await finish(run.steps);
      expect(transcript.text).toBe(one + two);
      expect(transcript.warnings).toEqual([]);
      expect(textTokens(run.decoded[0]?.prompt ?? [])).not.toEqual([]);
      const again = run.decoded.filter(({ startFrame }) => startFrame > 0);
      expect(again).toHaveLength(1);
      if (!('sequential' in options)) expect(textTokens(again[0]?.prompt ?? [])).toEqual([]);
      expect(run.openHandles()).toBe(0);
    },
  );

  test('in the middle of a window takes its place there', async () => {
    const whole = [...spoken(one, 0, 5), ...spoken(three, 12, 20)];
    const run = begin(
      { answer: ({ startFrame }) => likely(startFrame === 0 ? whole : spoken(two, 0, 6.6)) },
      { seconds: 20, speech: speechBut(20), options: { language: 'en' } },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript.segments.map(({ id, text }) => [id, text])).toEqual([
      [0, one],
      [1, two],
      [2, three],
    ]);
    expect(run.decoded[1]).toMatchObject({ startFrame: 505, frameCount: 690 });
  });

  test('is heard again in halves where the whole window says nothing, and told where they do not either', async () => {
    const run = begin(
      { answer: () => silence },
      { seconds: 20, speech: speechBut(20, [[9, 11]]), options: { language: 'en' } },
    );
    const { transcript, events } = await finish(run.steps);
    expect(heard(run)).toEqual([0, 0, 981]);
    expect(events).toHaveLength(1);
    expect(transcript).toMatchObject({ text: '', segments: [] });
    expect(transcript.warnings).toEqual([
      { code: 'speech-without-text', message: 'No text was found for what is said from 0:00.0 to 0:20.0.' },
    ]);
  });

  test.each<[string, Answer]>([
    ['unlikely', { ...likely(spoken(two, 0, 14)), avgLogprob: -1.4 }],
    ['repeats itself', likely([at(0), ...Array.from({ length: 60 }, () => multilingual.encode(' no')).flat(), at(14)])],
    ['says again how the text before it ends', likely(spoken(' More than a word!', 0, 14))],
  ])('keeps no text that is %s', async (_, second) => {
    const run = begin(
      { answer: ({ startFrame }) => (startFrame === 0 ? likely(spoken(one, 0, 5)) : second) },
      {
        seconds: 20,
        speech: speechBut(20),
        options: { language: 'en' },
      },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript.text).toBe(one);
    expect(run.decoded.length).toBeLessThanOrEqual(4);
  });

  test('under a few words that span it all is heard again, and the fuller text is kept', async () => {
    const run = begin(
      {
        answer: ({ startFrame, frameCount }) =>
          likely(
            startFrame === 0 && frameCount > 2000
              ? spoken(' Hm.', 0, 28)
              : spoken(' Much more is said here than that.', 0, 13),
          ),
      },
      { seconds: 28, speech: speechBut(28, [[13.5, 14.5]]), options: { language: 'en' } },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript.text).toBe(' Much more is said here than that. Much more is said here than that.');
  });

  const doubtful: Answer = {
    ...likely(spoken(' Something that nobody can be sure of at all.', 0, 19)),
    avgLogprob: -2,
  };

  test.each<[string, TranscriptionOptions, number | undefined]>([
    ['in its own language where none was given', {}, special.startOfTranscript + 3],
    ['in the language that was given', { language: 'en' }, special.startOfTranscript + 1],
    ['in its own language, which its segments name', { languagePerWindow: true }, special.startOfTranscript + 3],
  ])('under a text that the model is not sure of is heard again in halves, %s', async (_, options, languageToken) => {
    let windows = 0;
    const run = begin(
      {
        answer: ({ frameCount }) => (frameCount > 1900 ? doubtful : likely(spoken(two, 0, 9))),
        languageProbability: (token) => (token === special.startOfTranscript + (windows++ < 99 ? 1 : 3) ? 0.9 : 0.001),
      },
      { seconds: 20, speech: speechBut(20, [[9, 11]]), options },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript.text).toBe(two + two);
    expect(run.decoded.at(-1)?.prompt[1]).toBe(languageToken);
    const languages = transcript.segments.map(({ language }) => language);
    expect(languages).toEqual(options.languagePerWindow ? ['de', 'de'] : [undefined, undefined]);
  });

  test('keeps a text that the model is not sure of where nothing better is heard', async () => {
    const run = begin(
      { answer: () => doubtful },
      { seconds: 20, speech: speechBut(20, [[9, 11]]), options: { language: 'en' } },
    );
    expect((await finish(run.steps)).transcript.text).toBe(' Something that nobody can be sure of at all.');
  });

  test('is left as the reference leaves it where its very tokens are asked for', async () => {
    const run = begin(
      { answer: () => likely(spoken(one, 0, 5)) },
      { seconds: 20, speech: speechBut(20), options: { language: 'en', sequential: true, vad: false } },
    );
    await finish(run.steps);
    expect(heard(run)).toEqual([0]);
  });

  test('is found in every one of several windows that are decoded together', async () => {
    const run = begin(
      {
        answer: ({ startFrame }) => likely(startFrame % 2500 < 60 ? spoken(one, 0, 5) : spoken(two, 0, 19)),
      },
      { seconds: 50, windowsAtATime: 2, speech: speechBut(50, [[24.5, 25.5]]), options: { language: 'en' } },
    );
    const { transcript } = await finish(run.steps);
    expect(transcript.text).toBe(one + two + one + two);
    expect(transcript.warnings).toEqual([]);
  });

  test('whatever the model says, decoding ends', async () => {
    const token = fc.oneof(
      fc.integer({ min: 0, max: special.endOfText - 1 }),
      fc.integer({ min: special.timestampBegin, max: special.timestampBegin + 1500 }),
    );
    const answers = fc.array(fc.array(token, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), fc.boolean(), async (tokens, sequential, vad) => {
        let turn = 0;
        const run = begin(
          { answer: () => likely(tokens[turn++ % tokens.length] as number[]), alignsEvenly: true },
          {
            seconds: 8,
            speech: speechBut(8, [[3, 4]]),
            options: { language: 'en', sequential, vad, temperature: [0] },
          },
        );
        const { transcript } = await finish(run.steps);
        expect(run.openHandles()).toBe(0);
        expect(transcript.text).toBe(transcript.segments.map(({ text }) => text).join(''));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a text that ends with one timestamp', () => {
  const answer: ModelScript['answer'] = ({ startFrame }) =>
    likely(spoken(' A text of twelve words or more, as ten seconds of speech have it.', 0, startFrame === 0 ? 10 : 12));
  const startFrames = async (options: TranscriptionOptions, silences: readonly (readonly [number, number])[] = []) => {
    const speech = speechBut(40, silences);
    const run = begin({ answer }, { seconds: 40, speech, options: { language: 'en', ...options } });
    await finish(run.steps);
    return run.decoded.map(({ startFrame }) => startFrame);
  };

  test('does not end its window while somebody speaks behind it', async () => {
    expect((await startFrames({ sequential: true }))[1]).toBe(1000);
  });

  test('ends it where nobody does, and for the reference', async () => {
    expect((await startFrames({ sequential: true, vad: false }))[1]).toBe(3000);
    expect((await startFrames({ sequential: true, vadMinSilence: 25 }, [[10, 30.5]]))[1]).toBe(3000);
  });
});

describe('warnings', () => {
  const warningsOf = async (options: TranscriptionOptions, overrides: Overrides = {}) => {
    const script = { answer: () => likely(spoken(' Word.', 0, 5)) };
    const { transcript } = await finish(begin(script, { options: { language: 'en', ...options }, ...overrides }).steps);
    return transcript.warnings.map(({ code }) => code);
  };

  test.each<[TranscriptionOptions, string[]]>([
    [{}, []],
    [{ conditionOnPreviousText: true }, ['option-without-effect']],
    [{ conditionOnPreviousText: false }, []],
    [{ sequential: true, conditionOnPreviousText: true }, []],
    [{ sequential: true, batchSize: 4 }, ['option-without-effect']],
    [{ initialPrompt: 'word '.repeat(400) }, ['initial-prompt-shortened']],
  ])('of %j are %j', async (options, expected) => {
    expect(await warningsOf(options)).toEqual(expected);
  });

  test('say that nobody spoke, and claim no language', async () => {
    const speech = speechBut(10, [[0, 10]]);
    const { transcript } = await finish(begin({ answer: () => silence }, { speech, options: {} }).steps);
    expect(transcript.warnings).toEqual([{ code: 'no-speech', message: 'No speech was found.' }]);
    expect(transcript).toMatchObject({ languageProbabilities: null, isLanguageGuessed: true });
  });

  test('say so of a recording that is too quiet to tell', async () => {
    const audio = silentAudio(10, { peakAmplitude: 0.0005 });
    const speech = speechBut(10, [[0, 10]]);
    expect(await warningsOf({}, { audio, speech })).toEqual(['no-speech', 'quiet-recording']);
  });

  test.each<[TranscriptionOptions, string]>([
    [{ prefix: 'word '.repeat(200) }, 'Expected prefix to have at most 112 tokens, got 200'],
    [{ suppressTokens: [51_865] }, 'Expected suppressTokens below 51865'],
    [{ beamSize: 2, patience: 0.1 }, 'Expected beamSize times patience to be 1 or more'],
  ])('are errors where nothing can be done: %j', async (options, message) => {
    const run = begin({ answer: () => silence }, { options });
    await expect(run.steps.next()).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(message),
    });
    expect(run.encodedWindows()).toBe(0);
  });
});

describe('a prompt that is handed back', () => {
  const glossary = 'Hearth, Raycast, Ollama.';
  const led =
    (unled: Answer, seconds: number): ModelScript['answer'] =>
    ({ prompt }) =>
      prompt[0] === special.startOfPrevious ? likely(spoken(` ${glossary}`, 0, seconds)) : unled;
  const textOf = async (unled: Answer, options: TranscriptionOptions = {}, seconds = 0.3) => {
    const run = begin(
      { answer: led(unled, seconds) },
      { seconds, speech: speechBut(seconds), options: { language: 'en', initialPrompt: glossary, ...options } },
    );
    return (await finish(run.steps)).transcript.text;
  };

  test.each([[{}], [{ vad: false }], [{ initialPrompt: 'Names.', hotwords: glossary }]])(
    'gives way to what the sound says without it, with %j',
    async (options) => {
      expect(await textOf(likely(spoken(' Uh.', 0, 0.3)), options)).toBe(' Uh.');
      expect(await textOf(silence, options)).toBe('');
    },
  );

  test('is kept where the words are said', async () => {
    expect(await textOf(likely(spoken(' Hearth, Ray cast, Olama.', 0, 3)), {}, 3)).toBe(` ${glossary}`);
  });

  test('is kept where the very tokens of the reference are asked for', async () => {
    expect(await textOf(silence, { sequential: true, vad: false })).toBe(` ${glossary}`);
  });
});

describe('what a text is made of', () => {
  test('are the texts of its segments, without special tokens', async () => {
    const tokens = [at(0), ...multilingual.encode(' fig'), special.startOfTranscript + 3, at(2)];
    const { transcript } = await finish(begin({ answer: () => likely(tokens) }).steps);
    expect(transcript.text).toBe(' fig');
    expect(transcript.segments.map(({ text }) => text)).toEqual([' fig']);
  });

  test('are no languages, which the reference can sample', async () => {
    const suppressedBy = async (options: TranscriptionOptions) => {
      const run = begin({ answer: () => silence }, { options: { language: 'en', ...options } });
      await finish(run.steps);
      return run.decoded[0]?.request.filters.suppress.includes(special.startOfTranscript + 3);
    };
    expect(await suppressedBy({})).toBe(true);
    expect(await suppressedBy({ sequential: true, vad: false })).toBe(false);
  });
});

describe('a likelihood that is no number', () => {
  const noNumber = { ...likely(spoken(' !', 0, 2)), avgLogprob: Number.NaN };

  test('is tried again, and never an answer', async () => {
    const run = begin({ answer: ({ temperature }) => (temperature === 0 ? noNumber : likely(spoken(' Yes.', 0, 2))) });
    expect((await finish(run.steps)).transcript.text).toBe(' Yes.');
    await expect(finish(begin({ answer: () => noNumber }).steps)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

describe('the text before a window', () => {
  const previousOf = (prompt: readonly number[]) =>
    multilingual.decode(prompt.slice(1, prompt.indexOf(special.startOfTranscript)));

  test('leaves out segments without length or text, which keep their place in the transcript', async () => {
    const tokens = [...spoken(' One.', 0, 1), ...spoken(' No time.', 2, 2), at(3), ...multilingual.encode(' '), at(4)];
    const run = begin(
      { answer: ({ startFrame }) => likely(startFrame === 0 ? tokens : spoken(' Two.', 0, 1)) },
      { seconds: 40, options: { language: 'en', sequential: true } },
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
        options: { language: 'en', sequential: true, initialPrompt: '  Names: Ada. ', conditionOnPreviousText: false },
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
    const run = begin(
      { answer },
      { seconds: 40, options: { language: 'en', sequential: true, temperature: [0, 0.8] } },
    );
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

  test('sees the error of a cancelled call', async () => {
    const cancelled = Object.assign(new Error('Expected the end, got a cancellation.'), { code: 'CANCELLED' });
    const run = begin({ answer: () => Promise.reject(cancelled) });
    await expect(run.steps.next()).rejects.toBe(cancelled);
    expect(run.openHandles()).toBe(0);
  });
});

describe('partial text', () => {
  const sayAloud =
    (answer: Answer): ModelScript['answer'] =>
    (row) => {
      for (const token of answer.tokens) row.request.onToken?.(token);
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
