import type { DecodeRequest, DecodeResult, NativeEncoding, NativeSession } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { avgLogprob, promptAfter, textOf, translation, untimed } from './support/decode-request.ts';
import {
  encodeWindow,
  encodeWindows,
  loadRememberingModel,
  multilingual,
  sessionOf,
} from './support/embedded-model.ts';
import type { RememberingModel } from './support/remember-encodings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

/** Windows of different length and language, so that rows end at different steps. */
const windows = [
  { file: 'google_brooklyn.flac', frameCount: 181, language: 'en' },
  { file: 'librispeech-1688-joined.flac', startFrame: 3000, frameCount: 3000, language: 'en' },
  { file: 'picovoice_leopard_de.wav', frameCount: 525, language: 'de' },
  { file: 'picovoice_leopard_ja.wav', frameCount: 543, language: 'ja' },
];
let model: RememberingModel;
let session: NativeSession;

beforeAll(async () => {
  model = await loadRememberingModel();
  session = sessionOf(model);
});

afterAll(() => {
  session.close();
  model.close();
});

describe('texts that are decoded together', () => {
  let encodings: readonly NativeEncoding[];
  const requests = () => windows.map((window, i) => textOf(window, encodings[i] as NativeEncoding));

  beforeAll(async () => {
    encodings = await encodeWindows(model, windows);
  });

  afterAll(() => {
    for (const encoding of encodings) encoding.close();
  });

  test('give what they give one by one, in fewer runs of the decoder', async () => {
    const before = model.counters.decoderSteps;
    const together = (await Promise.all(requests().map((request) => session.decode(request)))).flat();
    const between = model.counters.decoderSteps;
    const alone: DecodeResult[] = [];
    for (const request of requests()) alone.push(...(await session.decode(request)));
    expect(together.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
    for (const [i, result] of together.entries()) {
      expect(avgLogprob(result)).toBeCloseTo(avgLogprob(alone[i]), 4);
      expect(result.noSpeechProb).toBeCloseTo(alone[i]?.noSpeechProb as number, 4);
    }
    expect(between - before).toBeLessThan((model.counters.decoderSteps - between) / 1.5);
  });

  test('join a running decode, also with a longer prompt, and leave it as they end', async () => {
    const [short, long, ...others] = requests() as [DecodeRequest, DecodeRequest, ...DecodeRequest[]];
    const led = { ...short, ...promptAfter([400, 370, 264, 1917, 291, 458]) };
    const alone = [];
    for (const request of [long, led, ...others]) alone.push(...(await session.decode(request)));
    const joined: Promise<readonly DecodeResult[]>[] = [];
    let tokens = 0;
    const onToken = () => {
      tokens += 1;
      const next = [led, ...others][joined.length];
      if (tokens % 3 === 0 && next !== undefined) joined.push(session.decode(next));
    };
    const first = await session.decode({ ...long, onToken });
    const together = [...first, ...(await Promise.all(joined)).flat()];
    expect(together.map((result) => result.tokens)).toEqual(alone.map((result) => result.tokens));
  });

  test('say each token as it comes, in the order of the text', async () => {
    const heard = windows.map((): number[] => []);
    const results = await Promise.all(
      requests().map((request, i) => session.decode({ ...request, onToken: (token) => heard[i]?.push(token) })),
    );
    expect(heard).toEqual(results.map(([result]) => result?.tokens));
  });

  test('share one window and ask different things of it', async () => {
    const german = textOf({ language: 'de' }, encodings[2] as NativeEncoding);
    const [transcript, translated] = await Promise.all([
      session.decode(german),
      session.decode({ ...german, ...translation() }),
    ]);
    expect(multilingual.decode(transcript[0]?.tokens ?? [])).toContain('Leichenhalle');
    expect(multilingual.decode(translated[0]?.tokens ?? [])).not.toContain('Leichenhalle');
  });

  test('follow their own rules', async () => {
    const [timed] = requests() as [DecodeRequest];
    const plain = untimed(timed);
    const short = { ...timed, maxTokens: 5 };
    const alone = [];
    for (const request of [timed, plain, short]) alone.push(...(await session.decode(request)));
    const together = await Promise.all([timed, plain, short].map((request) => session.decode(request)));
    expect(together.flat().map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
    expect(together[2]?.[0]?.tokens).toHaveLength(5);
  });

  test('may be beams', async () => {
    const [, long] = requests() as [DecodeRequest, DecodeRequest];
    const search = { ...long, beamSize: 2, patience: 1 };
    const alone = await session.beamSearch(search);
    const [beams, greedy] = await Promise.all([session.beamSearch(search), session.decode(long)]);
    expect(beams.candidates.map(({ tokens }) => tokens)).toEqual(alone.candidates.map(({ tokens }) => tokens));
    expect(greedy[0]?.tokens).toEqual((await session.decode(long))[0]?.tokens);
  });

  test('end alone when their session is cancelled, while the others go on', async () => {
    const [, long, other] = requests() as [DecodeRequest, DecodeRequest, DecodeRequest];
    const [alone] = await session.decode(other);
    const abort = new AbortController();
    const cancelled = model.session({ priority: 'interactive', signal: abort.signal, voiceActivity: null });
    const [first, second] = await Promise.allSettled([
      cancelled.decode({ ...long, onToken: () => abort.abort() }),
      session.decode(other),
    ]);
    cancelled.close();
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: [{ tokens: alone?.tokens }] });
  });
});

describe('an interactive text', () => {
  test('passes a bulk one between two of its steps, which then goes on to the same tokens', async () => {
    const [short, long] = windows as [(typeof windows)[0], (typeof windows)[0]];
    const [shortEncoding, longEncoding] = (await encodeWindows(model, [short, long])) as [
      NativeEncoding,
      NativeEncoding,
    ];
    const [alone] = await session.decode(textOf(long, longEncoding));
    const bulk = model.session({ priority: 'bulk', voiceActivity: null });
    session.close();
    let order: string[] = [];
    let interactive: Promise<unknown> | undefined;
    const passing = () => {
      order.push('bulk token');
      if (interactive !== undefined) return;
      session = sessionOf(model);
      interactive = session.decode({ ...textOf(short, shortEncoding), onToken: () => order.push('interactive token') });
      void interactive.then(() => {
        order.push('interactive ends');
        session.close();
      });
    };
    // On a busy machine the bulk text can be whole before the other one is asked for.
    const isPassed = () => order.lastIndexOf('bulk token') > order.indexOf('interactive token');
    while (!isPassed()) {
      order = [];
      interactive = undefined;
      const [result] = await bulk.decode({ ...textOf(long, longEncoding), onToken: passing });
      await interactive;
      expect(result?.tokens).toEqual(alone?.tokens);
    }
    bulk.close();
    session = sessionOf(model);
    for (const encoding of [shortEncoding, longEncoding]) encoding.close();
    const during = order.slice(order.indexOf('interactive token'), order.indexOf('interactive ends'));
    expect(during.filter((each) => each === 'bulk token')).toEqual([]);
    expect(order.lastIndexOf('bulk token')).toBeGreaterThan(order.indexOf('interactive ends'));
  });
});

test.each<[string, (request: DecodeRequest) => Promise<readonly number[]>]>([
  ['a decode', async (request) => (await session.decode(request))[0]?.tokens ?? []],
  [
    'a beam search',
    async (request) => (await session.beamSearch({ ...request, beamSize: 2, patience: 1 })).candidates[0]?.tokens ?? [],
  ],
])('%s goes on where it would leave what is said to another window', async (_, tokensOf) => {
  // The model closes a segment before the end of this part, and says nothing after it.
  const part = { file: 'librispeech-1688-joined.flac', frameCount: 2861 };
  const speechUntil = multilingual.special.timestampBegin + 1400;
  const encoding = await encodeWindow(model, part);
  const request = textOf({ language: 'en' }, encoding);
  const left = await tokensOf(request);
  const whole = await tokensOf({ ...request, speechUntil });
  encoding.close();
  expect(left.at(-1)).toBeLessThan(speechUntil);
  expect(multilingual.decode(left)).not.toContain('having been');
  expect(whole.at(-1)).toBeGreaterThanOrEqual(speechUntil);
  expect(multilingual.decode(whole)).toMatch(/confession.* of having been a shop ?boy/);
});

test('a cancelled decode ends long before its text does', async () => {
  const [, long] = windows as [unknown, (typeof windows)[0]];
  const encoding = await encodeWindow(model, long);
  const request = textOf(long, encoding);
  const wholeSteps = await countSteps(() => session.decode(request));
  const abort = new AbortController();
  const cancelled = model.session({ priority: 'interactive', signal: abort.signal, voiceActivity: null });
  const cancelledSteps = await countSteps(() => {
    const decoding = cancelled.decode({ ...request, onToken: () => abort.abort() });
    return expect(decoding).rejects.toMatchObject({ code: 'CANCELLED' });
  });
  cancelled.close();
  encoding.close();
  expect(cancelledSteps).toBeLessThan(wholeSteps / 4);
});

test.each([
  ['a decode', (own: NativeSession, request: DecodeRequest) => own.decode(request)],
  [
    'a beam search',
    (own: NativeSession, request: DecodeRequest) =>
      own.beamSearch({ ...request, beamSize: 2, patience: 1, maxTokens: 20 }),
  ],
])("the time of %s is the host's and the device's, and in both it is the session's", async (_, call) => {
  const [short] = windows as [(typeof windows)[0]];
  const encoding = await encodeWindow(model, short);
  const own = sessionOf(model);
  const startedAtMs = performance.now();
  await call(own, textOf(short, encoding));
  const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
  const { decodeSeconds, decodeHostSeconds, decodeDeviceSeconds, promptSeconds, tokens, decoderSteps } = own.usage;
  own.close();
  encoding.close();
  expect(Math.min(decodeHostSeconds, decodeDeviceSeconds)).toBeGreaterThan(0);
  expect(decodeHostSeconds + decodeDeviceSeconds).toBeLessThanOrEqual(elapsedSeconds);
  expect(decodeSeconds).toBeGreaterThanOrEqual(decodeHostSeconds + decodeDeviceSeconds);
  expect(promptSeconds).toBeGreaterThan(0);
  expect(promptSeconds).toBeLessThan(decodeSeconds);
  expect(Math.min(tokens, decoderSteps)).toBeGreaterThan(1);
});

test('work for several sessions is counted for each of them, once', async () => {
  const encodings = await encodeWindows(model, windows.slice(2));
  const sessions = encodings.map(() => sessionOf(model));
  const before = model.counters.decoderSteps;
  const texts = encodings.flatMap((encoding, i) => {
    const request = textOf(windows[2 + i] as (typeof windows)[0], encoding);
    return [request, { ...request, ...translation() }].map((each) => sessions[i]?.decode(each));
  });
  await Promise.all(texts);
  const all = model.counters.decoderSteps - before;
  const steps = sessions.map(({ usage }) => usage.decoderSteps);
  expect(Math.max(...steps)).toBeLessThanOrEqual(all);
  expect(steps.reduce((sum, each) => sum + each)).toBeGreaterThan(all);
  for (const each of [...sessions, ...encodings]) each.close();
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
