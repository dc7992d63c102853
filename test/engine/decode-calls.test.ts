import type { DecodeRequest, DecodeResult, DecodeRow, NativeEncoding, NativeModel } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { initialTokens } from '../../daemon/src/whisper/decoding/initial-tokens.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { encodeWindow, encodeWindows, loadEmbeddedModel, multilingual } from './support/embedded-model.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

/** Windows of different length and language, so that rows end at different steps. */
const windows = [
  { file: 'google_brooklyn.flac', frameCount: 181, language: 'en' },
  { file: 'librispeech-1688-joined.flac', startFrame: 3000, frameCount: 3000, language: 'en' },
  { file: 'picovoice_leopard_de.wav', frameCount: 525, language: 'de' },
  { file: 'picovoice_leopard_ja.wav', frameCount: 543, language: 'ja' },
];
/** MLX's own operations take half a minute for a window on a CPU, and longer on a busy one. */
const slowOnCpuMs = 1_800_000;
let model: NativeModel;

beforeAll(async () => {
  model = await loadEmbeddedModel();
});

afterAll(() => model.close());

describe('windows in one batch', () => {
  let encodings: readonly NativeEncoding[];
  const rows = () => windows.map((window, i) => rowOf(window, encodings[i] as NativeEncoding));

  beforeAll(async () => {
    encodings = await encodeWindows(model, windows);
  });

  afterAll(() => {
    for (const encoding of encodings) encoding.close();
  });

  test('give what they give one by one', async () => {
    const batch = await model.decode(decodeRequest(rows()));
    const alone: DecodeResult[] = [];
    for (const window of windows) {
      const encoding = await encodeWindow(model, window);
      alone.push(...(await model.decode(decodeRequest([rowOf(window, encoding)]))));
      encoding.close();
    }
    expect(batch.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
    for (const [i, result] of batch.entries()) {
      expect(avgLogprob(result)).toBeCloseTo(avgLogprob(alone[i]), 4);
      expect(result.noSpeechProb).toBeCloseTo(alone[i]?.noSpeechProb as number, 4);
    }
  });

  test('say each token as it comes, row by row in the order of the text', async () => {
    const heard = windows.map((): number[] => []);
    const steps: number[] = [];
    const results = await model.decode({
      ...decodeRequest(rows()),
      onToken: ({ row, token }) => {
        steps.push(heard[row]?.push(token) as number);
      },
    });
    const withoutEnd = heard.map((tokens) => tokens.filter((token) => token !== multilingual.special.endOfText));
    expect(withoutEnd).toEqual(results.map(({ tokens }) => tokens));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test('share one window between rows that ask different things of it', async () => {
    const german = rowOf({ language: 'de' }, encodings[2] as NativeEncoding);
    const [transcript, translated] = await model.decode(decodeRequest([german, { ...german, ...translation() }]));
    expect(multilingual.decode(transcript?.tokens ?? [])).toContain('Leichenhalle');
    expect(multilingual.decode(translated?.tokens ?? [])).not.toContain('Leichenhalle');
  });
});

test.each<[string, (request: DecodeRequest) => Promise<readonly number[]>]>([
  ['a decode', async (request) => (await model.decode(request))[0]?.tokens ?? []],
  [
    'a beam search',
    async ({ rows, ...request }) => {
      const [found] = await model.beamSearch({ ...request, prompts: rows, beamSize: 2, patience: 1 });
      return found?.candidates[0]?.tokens ?? [];
    },
  ],
])('%s goes on where it would leave what is said to another window', async (_, tokensOf) => {
  // The model closes a segment before the end of this part, and says nothing after it.
  const part = { file: 'librispeech-1688-joined.flac', frameCount: 2861 };
  const speechUntil = multilingual.special.timestampBegin + 1400;
  const encoding = await encodeWindow(model, part);
  const row = rowOf({ language: 'en' }, encoding);
  const left = await tokensOf(decodeRequest([row]));
  const whole = await tokensOf(decodeRequest([{ ...row, speechUntil }]));
  encoding.close();
  expect(left.at(-1)).toBeLessThan(speechUntil);
  expect(multilingual.decode(left)).not.toContain('having been');
  expect(whole.at(-1)).toBeGreaterThanOrEqual(speechUntil);
  expect(multilingual.decode(whole)).toMatch(/confession.* of having been a shop ?boy/);
});

test('a cancelled decode ends long before its text does', async () => {
  const [, long] = windows as [unknown, (typeof windows)[0]];
  const encoding = await encodeWindow(model, long);
  const request = decodeRequest([rowOf(long, encoding)]);
  const wholeSteps = await countSteps(() => model.decode(request));
  const cancellation = new AbortController();
  const cancelledSteps = await countSteps(() => {
    const onToken = () => cancellation.abort();
    const decoding = model.decode({ ...request, signal: cancellation.signal, onToken });
    return expect(decoding).rejects.toMatchObject({ code: 'CANCELLED' });
  });
  encoding.close();
  expect(cancelledSteps).toBeLessThan(wholeSteps / 4);
});

test.each([
  ['a decode', (request: DecodeRequest) => model.decode(request)],
  [
    'a beam search',
    ({ rows, ...request }: DecodeRequest) =>
      model.beamSearch({ ...request, prompts: rows, beamSize: 2, patience: 1, maxTokens: 20 }),
  ],
])("the time of %s is the host's and the device's", async (_, call) => {
  const [short] = windows as [(typeof windows)[0]];
  const encoding = await encodeWindow(model, short);
  const before = model.counters;
  const startedAtMs = performance.now();
  await call(decodeRequest([rowOf(short, encoding)]));
  const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
  const after = model.counters;
  encoding.close();
  const hostSeconds = after.decodeHostSeconds - before.decodeHostSeconds;
  const deviceSeconds = after.decodeDeviceSeconds - before.decodeDeviceSeconds;
  expect(Math.min(hostSeconds, deviceSeconds)).toBeGreaterThan(0);
  expect(hostSeconds + deviceSeconds).toBeLessThanOrEqual(elapsedSeconds);
  // The rest is the way to the engine's thread and back, which a busy machine draws out.
  expect(hostSeconds + deviceSeconds).toBeGreaterThan(elapsedSeconds / 4);
});

test('word times are no decoding: they count neither its steps nor its time', async () => {
  const transcribeWith = (wordTimestamps: boolean) =>
    transcribeRecording({
      model,
      vocabulary: multilingual,
      file: 'jfk.flac',
      options: { language: 'en', wordTimestamps },
    });
  const steps = [await countSteps(() => transcribeWith(false)), await countSteps(() => transcribeWith(true))];
  expect(steps[0]).toBe(steps[1]);
});

test('a window is encoded once, whatever its options ask for', async () => {
  const before = model.counters.encodedWindows;
  await transcribeRecording({
    model,
    vocabulary: multilingual,
    file: 'mfa_61-70968-0000.flac',
    options: { wordTimestamps: true, logprobThreshold: 0, temperature: [0, 0.4, 0.8], bestOf: 3 },
  });
  expect(model.counters.encodedWindows - before).toBe(1);
});

test(
  'MLX operations, which choose tokens in their graph, give the tokens of our own, for rows that start and end apart',
  async () => {
    const mlx = await loadEmbeddedModel({ operations: 'mlx' });
    const [window] = windows as [(typeof windows)[0]];
    const rowsOf = (greedy: DecodeRow): readonly DecodeRow[] => {
      const previous = [multilingual.special.startOfPrevious, 400, 370];
      const led = { ...greedy, prompt: [...previous, ...greedy.prompt], sotIndex: 3 };
      const sampled = { ...greedy, temperature: 1 };
      const goingOn = { ...greedy, speechUntil: multilingual.special.timestampBegin + 1000 };
      return [greedy, led, { ...greedy, ...translation() }, sampled, sampled, { ...sampled, seed: 1 }, goingOn];
    };
    const untimed = logitFilters(
      createTokenizer(multilingual, { language: 'en', task: 'transcribe' }),
      resolveOptions({ withoutTimestamps: true }),
    );
    const results: (readonly DecodeResult[])[] = [];
    const texts: (readonly DecodeResult[])[] = [];
    for (const each of [mlx, model]) {
      const encoding = await encodeWindow(each, window);
      const greedy = rowOf(window, encoding);
      results.push(await each.decode({ ...decodeRequest(rowsOf(greedy)), maxTokens: 30 }));
      const plainText = { ...greedy, prompt: [...greedy.prompt, multilingual.special.noTimestamps] };
      texts.push(await each.decode({ ...decodeRequest([plainText]), filters: untimed, maxTokens: 30 }));
      encoding.close();
    }
    mlx.close();
    expect(texts[0]?.[0]?.tokens).toEqual(texts[1]?.[0]?.tokens);
    const [ours, plain] = results as [readonly DecodeResult[], readonly DecodeResult[]];
    expect(plain[6]?.tokens.length).toBeGreaterThan(plain[0]?.tokens.length as number);
    for (const row of [0, 1, 2, 6]) {
      expect(ours[row]?.tokens).toEqual(plain[row]?.tokens);
      expect(avgLogprob(ours[row])).toBeCloseTo(avgLogprob(plain[row]), 3);
    }
    expect(ours[3]?.tokens).toEqual(ours[4]?.tokens);
    expect(ours[3]?.tokens).not.toEqual(ours[5]?.tokens);
  },
  slowOnCpuMs,
);

async function countSteps(work: () => Promise<unknown>): Promise<number> {
  const before = model.counters.decoderSteps;
  await work();
  return model.counters.decoderSteps - before;
}

function rowOf({ language }: { readonly language: string }, encoding: NativeEncoding): DecodeRow {
  const tokenizer = createTokenizer(multilingual, { language, task: 'transcribe' });
  return { encoding, ...promptOf(tokenizer), temperature: 0, seed: 0 };
}

function avgLogprob(result: DecodeResult | undefined): number {
  return (result as DecodeResult).sumLogprob / ((result as DecodeResult).tokens.length + 1);
}

function translation() {
  return promptOf(createTokenizer(multilingual, { language: 'de', task: 'translate' }));
}

function promptOf(tokenizer: ReturnType<typeof createTokenizer>) {
  const { tokens, sotIndex } = initialTokens({
    tokenizer,
    textContext: model.dimensions.textContext,
    previousTokens: [],
    prefix: '',
    withoutTimestamps: false,
  });
  return { prompt: tokens, sotIndex };
}

function decodeRequest(rows: readonly DecodeRow[]): DecodeRequest {
  const tokenizer = createTokenizer(multilingual, { language: 'en', task: 'transcribe' });
  return {
    rows,
    filters: logitFilters(tokenizer, resolveOptions({})),
    endOfText: multilingual.special.endOfText,
    noSpeech: multilingual.special.noSpeech,
    maxTokens: 224,
  };
}
