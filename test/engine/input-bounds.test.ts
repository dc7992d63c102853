import type { AlignRequest, DecodeRequest, DecodeRow, NativeEncoding, NativeModel } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { encodeWindows, loadEmbeddedModel, multilingual, native } from './support/embedded-model.ts';

const { special } = multilingual;
const tokenizer = createTokenizer(multilingual, { language: 'en', task: 'transcribe' });
const vocabularySize = 51865;
const textContext = 448;
const refused = { code: 'INTERNAL', message: expect.stringMatching(/^Expected .+, got .+\.$/) };
let model: NativeModel;
let encoding: NativeEncoding;

beforeAll(async () => {
  model = await loadEmbeddedModel();
  encoding = await encodeWindows(model, [{ file: 'google_brooklyn.flac', frameCount: 181 }]);
});

afterAll(async () => {
  encoding.close();
  await model.close();
});

const row: DecodeRow = { window: 0, prompt: tokenizer.sotSequence, sotIndex: 0, temperature: 0, seed: 0 };
const rules = { timestampBegin: special.timestampBegin, noTimestamps: special.noTimestamps, endOfText: 50257 };

function decodeRequest(changes: Partial<DecodeRequest>, rowChanges: Partial<DecodeRow> = {}): DecodeRequest {
  return {
    encoding,
    rows: [{ ...row, ...rowChanges }],
    filters: logitFilters(tokenizer, resolveOptions({})),
    endOfText: special.endOfText,
    noSpeech: special.noSpeech,
    maxTokens: 4,
    ...changes,
  };
}

function withRules(changes: Partial<NonNullable<DecodeRequest['filters']['timestampRules']>>): Partial<DecodeRequest> {
  const timestampRules = { ...rules, maxInitialTimestampIndex: null, ...changes };
  return { filters: { suppressAtBegin: [], suppress: [], timestampRules } };
}

const badRows: readonly [string, Partial<DecodeRow>][] = [
  ['a prompt longer than the context', { prompt: Array.from({ length: textContext + 1 }, () => 400) }],
  ['a prompt of 3,000 tokens', { prompt: Array.from({ length: 3000 }, () => 400) }],
  ['an empty prompt', { prompt: [] }],
  ['a token past the vocabulary', { prompt: [...tokenizer.sotSequence, vocabularySize] }],
  ['a negative token', { prompt: [...tokenizer.sotSequence, -1] }],
  ['a token far away', { prompt: [2 ** 31 - 1] }],
  ['a window that is not there', { window: 1 }],
  ['a negative window', { window: -1 }],
  ['a start of transcript behind the prompt', { sotIndex: 3 }],
  ['a negative start of transcript', { sotIndex: -1 }],
];
const badRequests: readonly [string, Partial<DecodeRequest>][] = [
  ['an end of text past the vocabulary', { endOfText: vocabularySize }],
  ['a negative no-speech token', { noSpeech: -5 }],
  ['more tokens than the context holds', { maxTokens: textContext + 1 }],
  ['timestamps past the vocabulary', withRules({ timestampBegin: vocabularySize })],
  ['timestamps before the text', withRules({ timestampBegin: 0 })],
  ['a no-timestamps token past the vocabulary', withRules({ noTimestamps: vocabularySize })],
  ['a first timestamp before the first', withRules({ maxInitialTimestampIndex: -60_000 })],
];

describe.each([
  ['a decode', (request: DecodeRequest) => model.decode(request)],
  [
    'a beam search',
    ({ rows, ...request }: DecodeRequest) => model.beamSearch({ ...request, prompts: rows, beamSize: 2, patience: 1 }),
  ],
])('%s refuses', (_, call) => {
  test.each(badRows)('%s', async (__, changes) => {
    await expect(call(decodeRequest({}, changes))).rejects.toMatchObject(refused);
  });

  test.each(badRequests)('%s', async (__, changes) => {
    await expect(call(decodeRequest(changes))).rejects.toMatchObject(refused);
  });
});

test('a prompt that fills the context leaves room for one token', async () => {
  const [result] = await model.decode(
    decodeRequest({ maxTokens: 224 }, { prompt: Array.from({ length: textContext }, () => 400) }),
  );
  expect(result?.tokens.length).toBeLessThanOrEqual(1);
});

test.each([
  ['no beams', { beamSize: 0, patience: 1 }],
  ['too many beams', { beamSize: 1000, patience: 1 }],
  ['a patience that ends a search before it begins', { beamSize: 2, patience: 0.01 }],
])('a beam search refuses %s', async (_, search) => {
  const { rows, ...request } = decodeRequest({});
  await expect(model.beamSearch({ ...request, prompts: rows, ...search })).rejects.toMatchObject(refused);
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('a decode refuses the temperature %d', async (temperature) => {
  await expect(model.decode(decodeRequest({}, { temperature }))).rejects.toMatchObject({ code: 'INTERNAL' });
});

const alignRow = { window: 0, prompt: [...tokenizer.sotSequence, special.noTimestamps], text: [2425], frames: 90 };
const heads: AlignRequest['heads'] = [[5, 3]];

test.each<[string, Partial<typeof alignRow>, AlignRequest['heads']]>([
  ['a window that is not there', { window: 1 }, heads],
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
  const rows = [{ ...alignRow, ...changes }];
  await expect(model.align({ encoding, rows, heads: chosen, endOfText: special.endOfText })).rejects.toMatchObject(
    refused,
  );
});

test('what takes an index of a window or a token refuses one that is not there', async () => {
  const { startOfTranscript: sot } = special;
  const calls = [
    model.detectLanguage({ encoding, sot: vocabularySize, languageTokens: [50259] }),
    model.detectLanguage({ encoding, sot, languageTokens: [50259, vocabularySize] }),
    model.detectLanguage({ encoding, sot, languageTokens: [-7] }),
    model.logits({ encoding, window: 1, tokens: [sot] }),
    model.logits({ encoding, window: 0, tokens: [] }),
    model.logits({ encoding, window: 0, tokens: Array.from({ length: textContext + 1 }, () => sot) }),
    model.joinEncodings([{ encoding, windows: [0, 1] }]),
    model.joinEncodings([{ encoding, windows: [-1] }]),
    encoding.readFeatures(1),
    encoding.readFeatures(-1),
  ];
  for (const answer of await Promise.allSettled(calls)) {
    expect(answer).toMatchObject({ status: 'rejected', reason: refused });
  }
});

test('logits shorter than the vocabulary of their rules are refused', () => {
  const filters = { suppressAtBegin: [], suppress: [9999], timestampRules: { ...rules, maxInitialTimestampIndex: 50 } };
  const filter = (size: number) => native.filterLogits({ filters, sampled: [], logits: new Float32Array(size) });
  expect(() => filter(100)).toThrow(expect.objectContaining(refused));
  expect(filter(vocabularySize)).toHaveLength(vocabularySize);
});
