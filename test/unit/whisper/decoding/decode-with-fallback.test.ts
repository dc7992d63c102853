import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../../daemon/src/protocol/options/transcription-options.ts';
import { decodeWithFallback } from '../../../../daemon/src/whisper/decoding/decode-with-fallback.ts';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { type Answer, createScriptedModel, silentAudio } from '../scripted-model.ts';

const file = readFileSync(new URL('../../../../assets/tokenizer/multilingual.tiktoken', import.meta.url));
const tokenizer = createTokenizer(createVocabulary(file, 51865), { language: 'en', task: 'transcribe' });
const tokens = tokenizer.encode(' word');
const good: Answer = { tokens, avgLogprob: -0.3, noSpeechProb: 0.1 };
const unlikely: Answer = { tokens, avgLogprob: -1.2, noSpeechProb: 0.1 };

async function decode(
  answer: (temperature: number) => Answer,
  options: TranscriptionOptions = {},
  draft?: readonly number[],
) {
  const { model, decoded } = createScriptedModel({ answer: (row) => answer(row.temperature) });
  const encoding = await model.encode({ audio: silentAudio(30), startFrame: 0, frameCount: 3000 });
  const result = await decodeWithFallback({
    model,
    tokenizer,
    options: resolveOptions(options),
    encoding,
    previousTokens: [],
    draft,
    seed: 7,
  });
  return { result, decoded };
}

test('a likely text is decoded once, at temperature 0', async () => {
  const { result, decoded } = await decode(() => good);
  expect(decoded.map(({ temperature }) => temperature)).toEqual([0]);
  expect(result).toMatchObject({ text: 'word', temperature: 0, avgLogprob: expect.closeTo(-0.3, 6) });
});

test('an unlikely text is tried at rising temperatures until one is likely', async () => {
  const { result, decoded } = await decode((temperature) => (temperature < 0.4 ? unlikely : good));
  expect(decoded.map(({ temperature }) => temperature)).toEqual([0, 0.2, 0.4]);
  expect(result.temperature).toBe(0.4);
});

test('a text that repeats itself is tried again however likely it is', async () => {
  const repeated = { ...good, tokens: Array.from({ length: 40 }, () => tokens).flat() };
  const { decoded } = await decode((temperature) => (temperature === 0 ? repeated : good));
  expect(decoded).toHaveLength(2);
});

test('the last attempt is kept when none passes', async () => {
  const { result, decoded } = await decode(() => unlikely, { temperature: [0, 0.5] });
  expect(decoded).toHaveLength(2);
  expect(result.temperature).toBe(0.5);
});

test('a draft is for temperature 0 alone', async () => {
  const { decoded } = await decode(() => unlikely, { temperature: [0, 0.5] }, [1, 2]);
  expect(decoded.map(({ request }) => request.draft)).toEqual([[1, 2], undefined]);
});

test('silence is not tried again', async () => {
  const { decoded } = await decode(() => ({ ...unlikely, noSpeechProb: 0.7 }));
  expect(decoded).toHaveLength(1);
});

test('every sample of every temperature has a seed of its own', async () => {
  const { decoded } = await decode(() => unlikely, { bestOf: 5 });
  const sampled = decoded.filter(({ temperature }) => temperature > 0).map(({ seed }) => seed);
  expect(sampled).toHaveLength(25);
  expect(new Set(sampled).size).toBe(25);
});
