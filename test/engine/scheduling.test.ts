import type {
  DecodeRequest,
  DecodeResult,
  NativeAudio,
  NativeEncoding,
  NativeModel,
  NativeSession,
  Priority,
} from '@hearth/native';
import { forceCapacity } from '@hearth/native/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { textOf } from './support/decode-request.ts';
import { encodeWindow, loadEmbeddedModel, native, sessionOf } from './support/embedded-model.ts';
import { recordingPath } from './support/recordings.ts';

const window = { file: 'google_brooklyn.flac', frameCount: 181, language: 'en' };
const longWindow = { file: 'librispeech-1688-joined.flac', startFrame: 3000, frameCount: 3000, language: 'en' };
const manyBytes = 2 ** 30;
let model: NativeModel;
/** What a window takes with a row of text. */
let windowBytes: number;
let session: NativeSession;

beforeAll(async () => {
  forceCapacity(manyBytes);
  model = await loadEmbeddedModel();
  windowBytes = manyBytes / model.windowCapacity;
  session = sessionOf(model);
});

afterEach(() => forceCapacity(0));

afterAll(() => {
  session.close();
  model.close();
});

describe('what does not fit in the memory', () => {
  test('waits, if it is a window, until others are closed', async () => {
    forceCapacity(2.5 * windowBytes);
    const encode = () => encodeWindow(model, window);
    const [first, second] = await Promise.all([encode(), encode()]);
    let isThere = false;
    const third = encode().then((encoding) => {
      isThere = true;
      return encoding;
    });
    // Goes through many pieces of work, before each of which the engine looks at what waits.
    await session.decode(textOf(window, first));
    expect(isThere).toBe(false);
    first.close();
    for (const encoding of [second, await third]) encoding.close();
  });

  test('is less of a short window: more of them fit than of whole ones', async () => {
    forceCapacity(2.2 * windowBytes);
    const short = { ...window, windowFrames: 1200 };
    const together = await Promise.all([short, short, short].map((each) => encodeWindow(model, each)));
    for (const encoding of together) encoding.close();
  });

  test('waits, if it is a text, until others have ended, and is what it is alone', async () => {
    const encoding = await encodeWindow(model, window);
    const samples = [0, 1, 2, 3].map((seed) => ({ temperature: 0.8, seed }));
    const request: DecodeRequest = { ...textOf(window, encoding), samples };
    const alone = await session.decode(request);
    forceCapacity(2.5 * windowBytes);
    const order: string[] = [];
    const decode = async (name: string) => {
      const found = await session.decode({ ...request, onToken: () => order.push(`${name} goes on`) });
      order.push(`${name} ends`);
      return found;
    };
    const together = await Promise.all([decode('first'), decode('second')]);
    encoding.close();
    for (const found of together) expect(tokensOf(found)).toEqual(tokensOf(alone));
    expect(order.indexOf('second goes on')).toBeGreaterThan(order.indexOf('first ends'));
  });

  test('waits, if it is a text, for those of another model too', async () => {
    const other = await loadEmbeddedModel();
    const order: string[] = [];
    const decode = async (name: string, of: NativeModel) => {
      const own = sessionOf(of);
      const encoding = await encodeWindow(of, window);
      const samples = [0, 1, 2, 3].map((seed) => ({ temperature: 0.8, seed }));
      await own.decode({ ...textOf(window, encoding), samples, onToken: () => order.push(name) });
      encoding.close();
      own.close();
    };
    forceCapacity(2.5 * windowBytes);
    await Promise.all([decode('first', model), decode('second', other)]);
    other.close();
    const [leader] = order;
    const after = order.slice(order.findIndex((name) => name !== leader));
    expect(new Set(order).size).toBe(2);
    expect(after).not.toContain(leader);
  });

  test('is still decoded where there is nothing to wait for', async () => {
    forceCapacity(1);
    const encoding = await encodeWindow(model, window);
    const [text] = await session.decode(textOf(window, encoding));
    encoding.close();
    expect(text?.tokens.length).toBeGreaterThan(0);
  });
});

test('of many bulk texts each can be cancelled, and an interactive one passes them all', async () => {
  const [encoding, longEncoding] = [await encodeWindow(model, window), await encodeWindow(model, longWindow)];
  const [short, long] = [textOf(window, encoding), textOf(longWindow, longEncoding)];
  const [shortAlone] = await session.decode(short);
  const [longAlone] = await session.decode(long);
  session.close();
  const cancelledOnes = [3, 17];
  const order: string[] = [];
  let interactive: Promise<readonly DecodeResult[]> | undefined;
  const pass = () => {
    session = sessionOf(model);
    interactive = session.decode(short);
    void interactive.then(() => {
      order.push('interactive');
      session.close();
    });
  };
  const results = await Promise.allSettled(
    Array.from({ length: 24 }, async (_, i) => {
      const abort = new AbortController();
      const bulk = model.session({ priority: 'bulk', signal: abort.signal, voiceActivity: null });
      const onToken = () => {
        if (i === 0 && interactive === undefined) pass();
        if (cancelledOnes.includes(i)) abort.abort();
      };
      try {
        return await bulk.decode({ ...long, onToken });
      } finally {
        order.push('bulk');
        bulk.close();
      }
    }),
  );
  expect(tokensOf(await (interactive as Promise<readonly DecodeResult[]>))).toEqual([shortAlone?.tokens]);
  session = sessionOf(model);
  for (const each of [encoding, longEncoding]) each.close();
  for (const [i, result] of results.entries()) {
    if (cancelledOnes.includes(i)) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
    else expect(result).toMatchObject({ status: 'fulfilled', value: [{ tokens: longAlone?.tokens }] });
  }
  expect(order.slice(0, order.indexOf('interactive'))).toHaveLength(cancelledOnes.length);
});

describe('what is counted', () => {
  let encoding: NativeEncoding;
  let endless: DecodeRequest;
  let ends: AbortController;

  beforeEach(() => {
    ends = new AbortController();
  });

  beforeAll(async () => {
    encoding = await encodeWindow(model, longWindow);
    const text = textOf(longWindow, encoding);
    // Only a cancel ends it, as late as it may be seen.
    const { suppress, suppressAtBegin } = text.filters;
    const filters = { suppress: [...suppress, text.endOfText], suppressAtBegin, timestampRules: null };
    endless = { ...text, filters, maxTokens: 400 };
  });

  afterAll(() => encoding.close());

  /** Texts that go on until `ends`, once one of them has a token. */
  async function startTexts(count: number, priority: Priority): Promise<{ readonly ended: Promise<unknown> }> {
    const begun = Promise.withResolvers<void>();
    const texts = Array.from({ length: count }, async () => {
      const each = model.session({ priority, signal: ends.signal, voiceActivity: null });
      await each.decode({ ...endless, onToken: () => begun.resolve() }).catch(() => undefined);
      each.close();
    });
    await begun.promise;
    return { ended: Promise.all(texts) };
  }

  test('an interactive session waits for one step of bulk texts at most, and none runs beside it', async () => {
    session.close();
    const texts = await startTexts(3, 'bulk');
    session = sessionOf(model);
    const before = model.counters;
    const own = await encodeWindow(model, window);
    await session.decode(textOf(window, own));
    const after = model.counters;
    own.close();
    expect(after.encodedWindows - before.encodedWindows).toBe(1);
    expect(after.decoderSteps - before.decoderSteps - session.usage.decoderSteps).toBeLessThanOrEqual(1);
    ends.abort();
    await texts.ended;
  });

  test.each([0, 3])(
    'a text that is cancelled takes part in one more step at most, beside %s others',
    async (others) => {
      const texts = others === 0 ? null : await startTexts(others, 'interactive');
      const abort = new AbortController();
      const cancelled = model.session({ priority: 'interactive', signal: abort.signal, voiceActivity: null });
      let stepsThen = Number.NaN;
      const onToken = () => {
        if (abort.signal.aborted) return;
        abort.abort();
        stepsThen = cancelled.usage.decoderSteps;
      };
      await expect(cancelled.decode({ ...endless, onToken })).rejects.toMatchObject({ code: 'CANCELLED' });
      // A step counts when it has ended.
      expect(cancelled.usage.decoderSteps - stepsThen).toBeLessThanOrEqual(1);
      cancelled.close();
      ends.abort();
      await texts;
    },
  );
});

test('bulk windows are encoded beside clips without a gap, and no clip waits for two of them', async () => {
  const [clip, long] = await Promise.all(
    [window, longWindow].map(({ file }) => native.openAudio({ path: recordingPath(file) })),
  );
  let isOver = false;
  let encoded = 0;
  const bulk = model.session({ priority: 'bulk', signal: new AbortController().signal, voiceActivity: null });
  const windows = (async () => {
    while (!isOver) {
      (
        await bulk.encode({ audio: long as NativeAudio, startFrame: 0, frameCount: 3000, loudest: 'of-window' })
      ).close();
      encoded += 1;
    }
  })();
  const others: number[] = [];
  for (let heard = 0; heard < 10; heard++) {
    const before = model.counters.encodedWindows;
    // `session` is open all the time.
    const each = sessionOf(model);
    (await each.encode({ audio: clip as NativeAudio, startFrame: 0, frameCount: 181, windowFrames: 1200 })).close();
    each.close();
    others.push(model.counters.encodedWindows - before - 1);
  }
  isOver = true;
  expect(encoded).toBeGreaterThanOrEqual(1);
  expect(Math.max(...others)).toBeLessThanOrEqual(1);
  session.close();
  await windows;
  session = sessionOf(model);
  bulk.close();
  for (const audio of [clip, long]) audio?.close();
});

describe('a bulk recording that is opened', () => {
  const path = recordingPath('librispeech-1688-joined.flac');

  test('goes on step by step while an interactive session stays open', async () => {
    const audio = await native.openAudio({ path: recordingPath('google_brooklyn.flac'), priority: 'bulk' });
    expect(audio.sampleCount).toBeGreaterThan(0);
    audio.close();
  });

  test('is cancelled while it lets others pass', async () => {
    const abort = new AbortController();
    const opening = native.openAudio({ path, priority: 'bulk', signal: abort.signal });
    const interactive = await native.openAudio({ path: recordingPath('google_brooklyn.flac') });
    interactive.close();
    abort.abort();
    await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

function tokensOf(results: readonly DecodeResult[]): readonly (readonly number[])[] {
  return results.map(({ tokens }) => tokens);
}
