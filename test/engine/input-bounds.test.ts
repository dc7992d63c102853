import type { AlignRequest, DecodeRequest, NativeEncoding, NativeModel, NativeSession } from '@hearth/native';
import { filterLogits, readFeatures, readLogits } from '@hearth/native/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { encodeWindow, loadEmbeddedModel, multilingual, sessionOf } from './support/embedded-model.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';

const { special } = multilingual;
const tokenizer = createTokenizer(multilingual, { language: 'en', task: 'transcribe' });
const vocabularySize = 51865;
const textContext = 448;
const refused = { code: 'INTERNAL', message: expect.stringMatching(/^Expected .+, got .+\.$/) };
const window = { file: 'google_brooklyn.flac', frameCount: 181 };
let model: NativeModel;
let session: NativeSession;
let encoding: NativeEncoding;

beforeAll(async () => {
  model = await loadEmbeddedModel();
  session = sessionOf(model);
  encoding = await encodeWindow(model, window);
});

afterAll(() => {
  encoding.close();
  session.close();
  model.close();
});

function decodeRequest(changes: Partial<DecodeRequest> = {}): DecodeRequest {
  return {
    encoding,
    prompt: tokenizer.sotSequence,
    sotIndex: 0,
    filters: logitFilters(tokenizer, resolveOptions({})),
    endOfText: special.endOfText,
    noSpeech: special.noSpeech,
    maxTokens: 4,
    samples: [{ temperature: 0, seed: 0 }],
    ...changes,
  };
}

const rules = { timestampBegin: special.timestampBegin, noTimestamps: special.noTimestamps, endOfText: 50257 };

function withRules(changes: Partial<NonNullable<DecodeRequest['filters']['timestampRules']>>): Partial<DecodeRequest> {
  const timestampRules = { ...rules, maxInitialTimestampIndex: null, ...changes };
  return { filters: { suppressAtBegin: [], suppress: [], timestampRules } };
}

const badRequests: readonly [string, Partial<DecodeRequest>][] = [
  ['a prompt longer than the context', { prompt: Array.from({ length: textContext + 1 }, () => 400) }],
  ['a prompt of 3,000 tokens', { prompt: Array.from({ length: 3000 }, () => 400) }],
  ['an empty prompt', { prompt: [] }],
  ['a token past the vocabulary', { prompt: [...tokenizer.sotSequence, vocabularySize] }],
  ['a negative token', { prompt: [...tokenizer.sotSequence, -1] }],
  ['a token far away', { prompt: [2 ** 31 - 1] }],
  ['a start of transcript behind the prompt', { sotIndex: 3 }],
  ['a negative start of transcript', { sotIndex: -1 }],
  ['an end of text past the vocabulary', { endOfText: vocabularySize }],
  ['a negative no-speech token', { noSpeech: -5 }],
  ['more tokens than the context holds', { maxTokens: textContext + 1 }],
  ['no tokens', { maxTokens: 0 }],
  ['timestamps past the vocabulary', withRules({ timestampBegin: vocabularySize })],
  ['timestamps before the text', withRules({ timestampBegin: 0 })],
  ['a no-timestamps token past the vocabulary', withRules({ noTimestamps: vocabularySize })],
  ['a first timestamp before the first', withRules({ maxInitialTimestampIndex: -60_000 })],
];

describe.each<[string, (request: DecodeRequest) => Promise<unknown>]>([
  ['a decode', (request) => session.decode(request)],
  ['a beam search', (request) => session.beamSearch({ ...request, beamSize: 2, patience: 1 })],
])('%s refuses', (_, call) => {
  test.each(badRequests)('%s', async (__, changes) => {
    await expect(call(decodeRequest(changes))).rejects.toMatchObject(refused);
  });
});

test('a prompt that fills the context leaves room for one token', async () => {
  const prompt = Array.from({ length: textContext }, () => 400);
  const [result] = await session.decode(decodeRequest({ maxTokens: 224, prompt }));
  expect(result?.tokens.length).toBeLessThanOrEqual(1);
});

test.each([
  ['no beams', { beamSize: 0, patience: 1 }],
  ['too many beams', { beamSize: 1000, patience: 1 }],
  ['a patience that ends a search before it begins', { beamSize: 2, patience: 0.01 }],
])('a beam search refuses %s', async (_, search) => {
  await expect(session.beamSearch({ ...decodeRequest(), ...search })).rejects.toMatchObject(refused);
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('a decode refuses the temperature %d', async (temperature) => {
  const samples = [{ temperature, seed: 0 }];
  await expect(session.decode(decodeRequest({ samples }))).rejects.toMatchObject({ code: 'INTERNAL' });
});

test.each([[vocabularySize], [-1], [special.endOfText, 2 ** 31 - 1]])(
  'a decode refuses the draft %p',
  async (...draft) => {
    await expect(session.decode(decodeRequest({ draft }))).rejects.toMatchObject(refused);
  },
);

test('a draft behind a prompt that fills the context is left out', async () => {
  const prompt = Array.from({ length: textContext - 1 }, () => 400);
  const draft = Array.from({ length: 3000 }, () => 400);
  const [without] = await session.decode(decodeRequest({ maxTokens: 224, prompt }));
  const [result] = await session.decode(decodeRequest({ maxTokens: 224, prompt, draft }));
  expect(result?.tokens).toEqual(without?.tokens);
});

test('a decode refuses to decode nothing', async () => {
  await expect(session.decode(decodeRequest({ samples: [] }))).rejects.toMatchObject(refused);
});

const alignRow = { prompt: [...tokenizer.sotSequence, special.noTimestamps], text: [2425], frames: 90 };
const heads: AlignRequest['heads'] = [[5, 3]];

test.each<[string, Partial<typeof alignRow>, AlignRequest['heads']]>([
  ['an empty prompt', { prompt: [] }, heads],
  ['a text longer than the context', { text: Array.from({ length: textContext }, () => 400) }, heads],
  ['a timestamp as text', { text: [special.timestampBegin] }, heads],
  ['a negative token', { text: [-1] }, heads],
  ['no frames', { frames: 0 }, heads],
  ['more frames than a window has', { frames: 1501 }, heads],
  ['a layer that is not there', {}, [[6, 0]]],
  ['a head that is not there', {}, [[5, 8]]],
  ['a negative head', {}, [[5, -1]]],
])('an alignment refuses %s', async (_, changes, chosen) => {
  const request = { encoding, ...alignRow, ...changes, heads: chosen, endOfText: special.endOfText };
  await expect(session.align(request)).rejects.toMatchObject(refused);
});

test.each([0, -2, 1201, 3002])('an encoding refuses a window of %i frames', async (windowFrames) => {
  await expect(encodeWindow(model, { ...window, windowFrames })).rejects.toMatchObject(refused);
});

test('what takes a token refuses one that is not there', async () => {
  const { startOfTranscript: sot } = special;
  const calls = [
    session.detectLanguage({ encoding, sot: vocabularySize, languageTokens: [50259] }),
    session.detectLanguage({ encoding, sot, languageTokens: [50259, vocabularySize] }),
    session.detectLanguage({ encoding, sot, languageTokens: [-7] }),
    readLogits({ model, encoding, tokens: [] }),
    readLogits({ model, encoding, tokens: Array.from({ length: textContext + 1 }, () => sot) }),
  ];
  for (const answer of await Promise.allSettled(calls)) {
    expect(answer).toMatchObject({ status: 'rejected', reason: refused });
  }
});

describe('what hears a window refuses', () => {
  const callsWith = (each: NativeEncoding) => [
    session.decode(decodeRequest({ encoding: each })),
    session.beamSearch({ ...decodeRequest({ encoding: each }), beamSize: 2, patience: 1 }),
    session.align({ encoding: each, ...alignRow, heads, endOfText: special.endOfText }),
    session.detectLanguage({ encoding: each, sot: special.startOfTranscript, languageTokens: [50259] }),
    readLogits({ model, encoding: each, tokens: [special.startOfTranscript] }),
    readFeatures(each),
  ];
  const expectRefused = async (calls: readonly Promise<unknown>[]) => {
    for (const answer of await Promise.allSettled(calls)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused });
    }
  };

  test('an encoding that was closed', async () => {
    const closed = await encodeWindow(model, window);
    closed.close();
    await expectRefused(callsWith(closed));
  });

  test('anything else than an encoding', async () => {
    for (const other of [model, undefined, null, 7, {}]) {
      await expectRefused(callsWith(other as unknown as NativeEncoding));
    }
  });

  test('what only looks like an encoding', async () => {
    const calls = callsWith(Object.create(encoding));
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
  });

  test("another model's encoding", async () => {
    const small = createSmallModel({ melBins: 80, vocabularySize, seed: 1 });
    const storage = { dtype: 'F16' } as const;
    const other = await loadSmallModel(small, { layout: 'mlx-whisper', storage, weightsFile: 'model.safetensors' });
    const foreign = await encodeWindow(other, window);
    await expectRefused(callsWith(foreign).slice(0, -1));
    foreign.close();
    other.close();
  });
});

test('logits shorter than the vocabulary of their rules are refused', () => {
  const filters = { suppressAtBegin: [], suppress: [9999], timestampRules: { ...rules, maxInitialTimestampIndex: 50 } };
  const filter = (size: number) => filterLogits({ filters, sampled: [], logits: new Float32Array(size) });
  expect(() => filter(100)).toThrow(expect.objectContaining(refused));
  expect(filter(vocabularySize)).toHaveLength(vocabularySize);
});
