import type { DecodeRequest, DecodeResult, NativeEncoding, NativeModel, NativeSession } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { transcribeWindow } from '../../daemon/src/whisper/transcribe-window.ts';
import { avgLogprob, promptAfter, textOf, translation, untimed } from './support/decode-request.ts';
import { encodeWindows, loadRememberingModel, multilingual, sessionOf } from './support/embedded-model.ts';

const { special } = multilingual;
const windows = [
  { file: 'librispeech-1688-joined.flac', startFrame: 3000, frameCount: 1600, language: 'en' },
  { file: 'google_brooklyn.flac', frameCount: 181, language: 'en' },
  { file: 'picovoice_leopard_de.wav', frameCount: 525, language: 'de' },
];
let model: NativeModel;
let session: NativeSession;
let encodings: readonly NativeEncoding[];
let long: DecodeRequest;
let short: DecodeRequest;
let german: DecodeRequest;
let longAnswer: DecodeResult;

beforeAll(async () => {
  model = await loadRememberingModel();
  session = sessionOf(model);
  encodings = await encodeWindows(model, windows);
  [long, short, german] = windows.map((window, i) => textOf(window, encodings[i] as NativeEncoding)) as [
    DecodeRequest,
    DecodeRequest,
    DecodeRequest,
  ];
  longAnswer = await decodeOne(long);
});

afterAll(() => {
  for (const encoding of encodings) encoding.close();
  session.close();
  model.close();
});

describe('a draft changes no token, and saves a run of the decoder for each that is right:', () => {
  const other = [2425, 1002, 257, 11];
  test.each<[string, (answer: readonly number[]) => readonly number[], { readonly read?: number }?]>([
    ['the answer itself', (answer) => answer],
    ['the answer with its end of text', (answer) => [...answer, special.endOfText]],
    ['the first half of the answer', (answer) => answer.slice(0, answer.length / 2)],
    ['nothing', () => [], { read: 0 }],
    ['a wrong first timestamp', (answer) => [special.timestampBegin + 40, ...answer.slice(1)]],
    ['text where a timestamp must come first', (answer) => [...answer.slice(1)]],
    ['a wrong token in the middle', (answer) => answer.with(20, 2425)],
    ['a token too many', (answer) => answer.toSpliced(20, 0, 11)],
    ['a token too few', (answer) => answer.toSpliced(20, 1)],
    ['a suppressed token', (answer) => answer.with(12, special.startOfTranscript)],
    ['the last token of the vocabulary', (answer) => answer.with(12, 51864)],
    ['a timestamp before the one it follows', (answer) => answer.toSpliced(30, 0, special.timestampBegin)],
    ['an end of text in the middle', (answer) => answer.toSpliced(25, 0, special.endOfText), { read: 25 }],
    ['an end of text alone', () => [special.endOfText], { read: 0 }],
    ['the answer and far more than a text may hold', (answer) => [...answer, ...Array(1000).fill(11)], { read: 223 }],
    ['nothing but one token over and over', () => Array(300).fill(11), { read: 223 }],
    ['another text', () => other],
  ])('%s', async (_, draftOf, { read } = {}) => {
    const draft = draftOf(longAnswer.tokens);
    const found = await decodeCounted({ ...long, draft });
    expectSame(found.result, longAnswer);
    const right = commonLength(draft, longAnswer.tokens);
    const { acceptedDraftTokens, draftTokens, tokens, decoderSteps } = found.usage;
    // Behind a token that differs some are read again.
    expect(draftTokens).toBeGreaterThanOrEqual(read ?? draft.filter((token) => token !== special.endOfText).length);
    expect(acceptedDraftTokens).toBeGreaterThanOrEqual(right);
    expect(tokens).toBe(longAnswer.tokens.length);
    expectRuns(decoderSteps, longAnswer.tokens.length + 1 - acceptedDraftTokens);
  });

  test.each<[string, (answer: readonly number[]) => readonly number[]]>([
    ['a token that differs', (answer) => answer.with(20, 2425)],
    ['a token too many', (answer) => answer.toSpliced(20, 0, 2425)],
    ['a token too few', (answer) => answer.toSpliced(20, 1)],
    ['three that differ and two too many', (answer) => answer.toSpliced(20, 3, 2425, 1002, 257, 2425, 1002)],
  ])('and behind %s it is a draft again', async (_, draftOf) => {
    const { usage } = await decodeCounted({ ...long, draft: draftOf(longAnswer.tokens) });
    // Three tokens that differ, and then one to find the place by; on a GPU a step more is under way.
    expect(usage.acceptedDraftTokens).toBeGreaterThan(longAnswer.tokens.length - 12);
  });

  test.each<[string, () => DecodeRequest]>([
    ['a text without timestamps', () => untimed(long)],
    ['a translation', () => ({ ...german, ...translation() })],
    ['a text that another leads', () => ({ ...short, ...promptAfter([400, 370, 264, 1917, 291, 458]) })],
    ['speech that is known to go on', () => ({ ...short, speechUntil: special.timestampBegin + 1400, maxTokens: 40 })],
    ['a text that is cut short', () => ({ ...long, maxTokens: 7 })],
    ['a text of one token', () => ({ ...long, maxTokens: 1 })],
    [
      'a blank that may come first',
      () => ({ ...short, filters: { suppressAtBegin: [], suppress: [], timestampRules: null } }),
    ],
  ])('the answer of %s', async (_, requestOf) => {
    const request = requestOf();
    const without = await decodeCounted(request);
    const answer = without.result.tokens;
    for (const draft of [answer, answer.with(-1, 2425), answer.toSpliced(1, 0, 11)]) {
      const found = await decodeCounted({ ...request, draft });
      expectSame(found.result, without.result);
      const { acceptedDraftTokens, decoderSteps } = found.usage;
      const saved = without.usage.decoderSteps - decoderSteps;
      expect(Math.abs(saved - acceptedDraftTokens)).toBeLessThanOrEqual(mostRunsInVain());
      expect(acceptedDraftTokens).toBeGreaterThanOrEqual(Math.min(commonLength(draft, answer), request.maxTokens - 1));
    }
  });

  test('whatever somebody makes of the answer', async () => {
    const answer = await decodeOne(german);
    const position = fc.nat(answer.tokens.length);
    const token = fc.oneof(fc.nat(51864), fc.constantFrom(...answer.tokens, special.endOfText, special.timestampBegin));
    const change = fc.oneof(
      fc.record({ at: position, remove: fc.nat(3), add: fc.array(token, { maxLength: 3 }) }),
      fc.record({ at: position, remove: fc.constant(1000), add: fc.constant([]) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        const draft = changes.reduce<readonly number[]>(
          (tokens, { at, remove, add }) => tokens.toSpliced(at, remove, ...add),
          answer.tokens,
        );
        const found = await decodeCounted({ ...german, draft });
        expectSame(found.result, answer);
        expect(found.usage.acceptedDraftTokens).toBeGreaterThanOrEqual(commonLength(draft, answer.tokens));
        expectRuns(found.usage.decoderSteps, answer.tokens.length + 1 - found.usage.acceptedDraftTokens);
      }),
      { numRuns: 25 },
    );
  });
});

test('texts with drafts join a running decode, and those without go on in it', async () => {
  const requests = [short, german, { ...german, ...translation() }, untimed(short)];
  const alone = await Promise.all(requests.map(decodeOne));
  const drafts = alone.map(({ tokens }, i) => tokens.slice(0, 3 + 2 * i).with(2, 2425 + i * 10));
  const joined: Promise<DecodeResult>[] = [];
  let tokens = 0;
  const onToken = () => {
    tokens += 1;
    const next = joined.length;
    if (tokens % 3 !== 0 || requests[next] === undefined) return;
    joined.push(decodeOne({ ...requests[next], draft: next === 3 ? alone[3]?.tokens : drafts[next] }));
  };
  const first = await decodeOne({ ...long, draft: longAnswer.tokens.slice(0, 4), onToken });
  expectSame(first, longAnswer);
  for (const [i, result] of (await Promise.all(joined)).entries()) expectSame(result, alone[i]);
  expect(joined).toHaveLength(4);
});

test('the tokens of a draft are told as they are taken, those that are wrong never', async () => {
  const heard: number[] = [];
  await decodeOne({ ...long, draft: longAnswer.tokens.with(9, 2425), onToken: (token) => heard.push(token) });
  expect(heard).toEqual(longAnswer.tokens);
});

test('two texts of one prompt and draft share one reading of it', async () => {
  const draft = longAnswer.tokens.slice(0, 8).with(-1, 2425);
  const samples = [0, 1].map((seed) => ({ temperature: 0, seed }));
  const before = model.counters.decoderSteps;
  for (const result of await session.decode({ ...long, samples, draft })) expectSame(result, longAnswer);
  expectRuns(model.counters.decoderSteps - before, longAnswer.tokens.length + 1 - 7);
});

test('sampled texts and beams take no notice of a draft', async () => {
  const draft = longAnswer.tokens;
  const sampled = { ...short, samples: [0, 1].map((seed) => ({ temperature: 1, seed })) };
  const [without, together] = [await session.decode(sampled), await session.decode({ ...sampled, draft })];
  expect(together).toEqual(without);
  const search = { ...short, beamSize: 2, patience: 1 };
  expect(await session.beamSearch({ ...search, draft })).toEqual(await session.beamSearch(search));
});

test('a window that was heard before is heard again in one run', async () => {
  const hear = async (draft?: readonly number[]) => {
    const before = model.counters.decoderSteps;
    const window = await transcribeWindow({
      model: session,
      tokenizer: createTokenizer(multilingual, { language: 'de', task: 'transcribe' }),
      options: resolveOptions({}),
      window: { seekFrames: 0, contentFrames: 525 },
      encoding: encodings[2] as NativeEncoding,
      previousTokens: [],
      clientTokens: [],
      draft,
      lastSpeechSeconds: 0,
      totalFrames: 525,
      spoken: null,
      onPartial: undefined,
      dictionary: undefined,
    });
    return { texts: window.segments.map(({ text }) => text), ...window, runs: model.counters.decoderSteps - before };
  };
  const first = await hear();
  const again = await hear(first.tokens);
  expectRuns(first.runs, first.tokens.length + 1);
  expect(again.runs).toBe(1);
  expect(again.texts).toEqual(first.texts);
  expect(again.texts.join('')).toContain('Leichenhalle');
});

async function decodeOne(request: DecodeRequest): Promise<DecodeResult> {
  return (await session.decode(request))[0] as DecodeResult;
}

async function decodeCounted(request: DecodeRequest) {
  const own = sessionOf(model);
  const [result] = await own.decode(request);
  const { usage } = own;
  own.close();
  return { result: result as DecodeResult, usage };
}

function expectRuns(runs: number, needed: number): void {
  expect(runs).toBeGreaterThanOrEqual(needed);
  expect(runs).toBeLessThanOrEqual(needed + mostRunsInVain());
}

/** Of one text. On a GPU the next step begins before the last one is read: where a text ends with that one, it was in vain. */
function mostRunsInVain(): number {
  return model.operations === 'mlx' ? 1 : 0;
}

function expectSame(found: DecodeResult, expected: DecodeResult | undefined): void {
  expect(found.tokens).toEqual(expected?.tokens);
  expect(avgLogprob(found)).toBeCloseTo(avgLogprob(expected), 4);
  expect(found.noSpeechProb).toBeCloseTo(expected?.noSpeechProb as number, 4);
}

function commonLength(one: readonly number[], other: readonly number[]): number {
  const different = one.findIndex((token, i) => token !== other[i]);
  return different === -1 ? Math.min(one.length, other.length) : different;
}
