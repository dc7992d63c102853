import type { DecodeRequest, DecodeResult, NativeEncoding, NativeModel } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { avgLogprob, decodeRequest, rowOf, translation } from './support/decode-request.ts';
import { encodeWindow, encodeWindows, loadEmbeddedModel, multilingual } from './support/embedded-model.ts';
import { type RememberingModel, rememberEncodings } from './support/remember-encodings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

/** Windows of different length and language, so that rows end at different steps. */
const windows = [
  { file: 'google_brooklyn.flac', frameCount: 181, language: 'en' },
  { file: 'librispeech-1688-joined.flac', startFrame: 3000, frameCount: 3000, language: 'en' },
  { file: 'picovoice_leopard_de.wav', frameCount: 525, language: 'de' },
  { file: 'picovoice_leopard_ja.wav', frameCount: 543, language: 'ja' },
];
let embedded: NativeModel;
let model: RememberingModel;

beforeAll(async () => {
  embedded = await loadEmbeddedModel();
  model = rememberEncodings(embedded);
});

afterAll(() => model.close());

describe('windows in one batch', () => {
  let encodings: readonly NativeEncoding[];
  const rows = () => windows.map((window, i) => rowOf(window, encodings[i] as NativeEncoding));

  beforeAll(async () => {
    encodings = await encodeWindows(embedded, windows);
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
  const before = model.windowsAsked;
  await transcribeRecording({
    model,
    vocabulary: multilingual,
    file: 'mfa_61-70968-0000.flac',
    options: { wordTimestamps: true, logprobThreshold: 0, temperature: [0, 0.4, 0.8], bestOf: 3 },
  });
  expect(model.windowsAsked - before).toBe(1);
});

async function countSteps(work: () => Promise<unknown>): Promise<number> {
  const before = model.counters.decoderSteps;
  await work();
  return model.counters.decoderSteps - before;
}
