import type { NativeAudio, NativeEncoding, NativeModel } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { createModelBatch, type ModelUser, type Priority } from '../../../../daemon/src/engine/batch/model-batch.ts';
import { createStopwatch } from '../../../../daemon/src/engine/stopwatch.ts';
import type { DecodeTextRequest, WhisperModel } from '../../../../daemon/src/whisper/whisper-model.ts';

/** A model that writes down its calls. A window is named by its first frame, which is also each of its rows' token. */
function loggingModel(device: 'cpu' | 'gpu' = 'cpu') {
  const calls: string[] = [];
  const names = new Map<object, number>();
  const named = <Handle extends object>(handle: Handle, name: number): Handle => {
    names.set(handle, name);
    return handle;
  };
  let open = 0;
  let mostOpen = 0;
  let failNext = false;
  let decoderSteps = 0;
  const model = {
    device,
    get counters() {
      const decodeHostSeconds = decoderSteps / 100;
      const decodeDeviceSeconds = decoderSteps / 10;
      return { encodedWindows: 0, decoderSteps, decodeHostSeconds, decodeDeviceSeconds };
    },
    async logMel({ startFrame }) {
      return named({ contentFrames: 0, close: () => undefined }, startFrame);
    },
    async encode({ mels }) {
      const windows = mels.map((mel) => names.get(mel) as number);
      calls.push(`encode ${windows}`);
      open += windows.length;
      mostOpen = Math.max(mostOpen, open);
      return windows.map((window) =>
        named(
          {
            close: () => {
              open -= 1;
            },
          },
          window,
        ),
      );
    },
    async decode({ rows, onToken }) {
      calls.push(`decode ${rows.map(({ encoding }) => names.get(encoding))}`);
      decoderSteps += 2;
      if (failNext) {
        failNext = false;
        throw Object.assign(new Error('broken'), { code: 'INTERNAL' });
      }
      return rows.map(({ encoding, signal }, row) => {
        const token = names.get(encoding) as number;
        onToken?.({ row, token });
        const result = { tokens: [token], sumLogprob: 0, noSpeechProb: 0 };
        return signal?.aborted ? { ...result, cancelled: true as const } : result;
      });
    },
  } satisfies Partial<NativeModel>;
  return {
    model: model as unknown as NativeModel,
    calls,
    openEncodings: () => open,
    mostOpenWindows: () => mostOpen,
    failNextDecode: () => {
      failNext = true;
    },
  };
}

function using(model: NativeModel, capacity = 100) {
  const batch = createModelBatch(model, capacity);
  const stopwatch = createStopwatch(() => 0);
  return (priority: Priority = 'interactive', more: Partial<ModelUser> = {}) =>
    batch.modelFor({ priority, stopwatch, voiceActivity: null, ...more });
}

const sample = { temperature: 0, seed: 0 };

function textOf(encoding: NativeEncoding, more: Partial<DecodeTextRequest> = {}): DecodeTextRequest {
  return {
    encoding,
    prompt: [],
    sotIndex: 0,
    speechUntil: undefined,
    filters: { suppressAtBegin: [], suppress: [], timestampRules: null },
    endOfText: 0,
    noSpeech: null,
    maxTokens: 4,
    samples: [sample],
    onToken: undefined,
    ...more,
  };
}

function encode(model: WhisperModel, startFrame: number): Promise<NativeEncoding> {
  return model.encode({ audio: {} as NativeAudio, startFrame, frameCount: 3000 });
}

async function transcribeWindow(model: WhisperModel, name: number, more?: Partial<DecodeTextRequest>) {
  const encoding = await encode(model, name);
  try {
    return (await model.decode(textOf(encoding, more))).map(({ tokens }) => tokens[0]);
  } finally {
    encoding.close();
  }
}

test('a window alone waits for nobody', async () => {
  const { model, calls } = loggingModel();
  expect(await transcribeWindow(using(model)(), 1)).toEqual([1]);
  expect(calls).toEqual(['encode 1', 'decode 1']);
});

test('windows are decoded in one call, each with its own tokens', async () => {
  const { model, calls, openEncodings } = loggingModel();
  const use = using(model);
  const heard: string[] = [];
  const found = await Promise.all(
    [1, 2, 3].map((window) =>
      transcribeWindow(use(), window, {
        samples: [sample, { ...sample, temperature: 1 }],
        onToken: (token) => heard.push(`${window}: ${token}`),
      }),
    ),
  );
  expect(calls).toEqual(['encode 1', 'encode 2', 'encode 3', 'decode 1,1,2,2,3,3']);
  expect(found).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(heard).toEqual(['1: 1', '2: 2', '3: 3']);
  expect(openEncodings()).toBe(0);
});

test('on a GPU they are encoded in one call too', async () => {
  const { model, calls, openEncodings } = loggingModel('gpu');
  const use = using(model);
  const found = await Promise.all([1, 2].map((window) => transcribeWindow(use(), window)));
  expect(calls).toEqual(['encode 1,2', 'decode 1,2']);
  expect(found).toEqual([[1], [2]]);
  expect(openEncodings()).toBe(0);
});

test('texts that are filtered otherwise are decoded by themselves', async () => {
  const { model, calls } = loggingModel();
  const use = using(model);
  await Promise.all([1, 2, 3].map((window) => transcribeWindow(use(), window, { maxTokens: window === 2 ? 8 : 4 })));
  expect(calls.filter((call) => call.startsWith('decode'))).toEqual(['decode 1,3', 'decode 2']);
});

test('a window that is closed is not waited for', async () => {
  const { model, calls } = loggingModel();
  const use = using(model);
  const other = await encode(use(), 2);
  const found = transcribeWindow(use(), 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual(['encode 2']);
  other.close();
  expect(await found).toEqual([1]);
});

test('no call of a bulk window starts while there is an interactive one', async () => {
  const { model, calls } = loggingModel();
  const use = using(model);
  const bulk = use('bulk');
  const encoding = await encode(bulk, 1);
  const interactive = encode(use(), 2);
  const waiting = bulk.decode(textOf(encoding));
  (await interactive).close();
  expect(calls).toEqual(['encode 1', 'encode 2']);
  await waiting;
  expect(calls.at(-1)).toBe('decode 1');
});

test('who goes on with another window is not overtaken between the two', async () => {
  const { model, calls } = loggingModel();
  const use = using(model);
  const interactive = use();
  const first = transcribeWindow(interactive, 1);
  const bulk = transcribeWindow(use('bulk'), 9);
  await first;
  await transcribeWindow(interactive, 2);
  await bulk;
  expect(calls.slice(-2)).toEqual(['encode 9', 'decode 9']);
});

test('a failure is told to all who took part, and the next call runs', async () => {
  const { model, failNextDecode } = loggingModel();
  const use = using(model);
  failNextDecode();
  const failed = await Promise.allSettled([0, 1].map((window) => transcribeWindow(use(), window)));
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = await Promise.all([0, 1].map((window) => transcribeWindow(use(), window)));
  expect(again).toEqual([[0], [1]]);
});

test('whoever is cancelled in a decode ends with that, and the others with their tokens', async () => {
  const { model } = loggingModel();
  const use = using(model);
  const abort = new AbortController();
  const encodings = [await encode(use('interactive', { signal: abort.signal }), 1)];
  const cancelled = use('interactive', { signal: abort.signal });
  const other = transcribeWindow(use(), 2, { onToken: () => undefined });
  const first = cancelled.decode(textOf(encodings[0] as NativeEncoding, { onToken: () => abort.abort() }));
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await other).toEqual([2]);
});

test('a call that waits when its user is cancelled rejects at once', async () => {
  const { model, calls } = loggingModel();
  const use = using(model);
  const abort = new AbortController();
  const other = await encode(use(), 1);
  const waiting = encode(use('interactive', { signal: abort.signal }), 2);
  await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  await expect(waiting).rejects.toBe(abort.signal.reason);
  expect(calls).toEqual(['encode 1']);
  other.close();
});

test('the time and the steps of a call are counted once for a recording, and for every recording in it', async () => {
  const { model } = loggingModel();
  const use = using(model);
  let nowMs = 0;
  const stopwatches = [createStopwatch(() => nowMs++), createStopwatch(() => nowMs++)] as const;
  const users = stopwatches.map((stopwatch) => use('interactive', { stopwatch }));
  await Promise.all([0, 0, 1].map((user, i) => transcribeWindow(users[user] as WhisperModel, i)));
  expect(stopwatches[0].seconds('decode')).toBeGreaterThan(0);
  expect(stopwatches[1].seconds('decode')).toBeGreaterThan(0);
  expect(stopwatches[0].seconds('encode')).toBeGreaterThan(stopwatches[1].seconds('encode'));
  expect(stopwatches[0].seconds('logMel')).toBeGreaterThan(0);
  expect(stopwatches.map((stopwatch) => stopwatch.count('decoderSteps'))).toEqual([2, 2]);
  for (const stopwatch of stopwatches) {
    expect(stopwatch.count('decodeHostSeconds')).toBeCloseTo(0.02);
    expect(stopwatch.count('decodeDeviceSeconds')).toBeCloseTo(0.2);
  }
  expect(stopwatches.map((stopwatch) => stopwatch.count('windows'))).toEqual([2, 1]);
  expect(stopwatches.map((stopwatch) => stopwatch.count('tokens'))).toEqual([2, 1]);
});

test('a prompt takes the part of a decode until its first token, and a failed one all of it', async () => {
  const { model, failNextDecode } = loggingModel();
  let nowMs = 0;
  const stopwatch = createStopwatch(() => nowMs++);
  const user = using(model)('interactive', { stopwatch });
  await transcribeWindow(user, 1);
  expect(stopwatch.seconds('prompt')).toBeGreaterThan(0);
  expect(stopwatch.seconds('prompt')).toBeLessThan(stopwatch.seconds('decode'));
  failNextDecode();
  await expect(transcribeWindow(user, 1)).rejects.toThrow('broken');
  const ended = stopwatch.seconds('prompt');
  await encode(user, 2);
  expect(stopwatch.seconds('prompt')).toBe(ended);
});

test.each(['cpu', 'gpu'] as const)('on a %s no more windows are in memory than there is room for', async (device) => {
  const { model, calls, mostOpenWindows, openEncodings } = loggingModel(device);
  const use = using(model, 3);
  const found = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => [await transcribeWindow(use(), i), await transcribeWindow(use(), i)]),
  );
  expect(found).toEqual(Array.from({ length: 8 }, (_, i) => [[i], [i]]));
  expect(Math.max(...calls.map((call) => call.split(',').length))).toBeLessThanOrEqual(3);
  expect(mostOpenWindows()).toBeLessThanOrEqual(3);
  expect(openEncodings()).toBe(0);
});

test('a window goes on where the room is taken by those who cannot', async () => {
  const { model } = loggingModel();
  const use = using(model, 1);
  const kept = await encode(use('bulk'), 1);
  expect(await transcribeWindow(use(), 2)).toEqual([2]);
  kept.close();
});

test('a call with more texts than there is room for runs by itself', async () => {
  const { model, calls } = loggingModel();
  const use = using(model, 2);
  await Promise.all(
    [1, 2].map((i) => transcribeWindow(use(), i, { samples: i === 1 ? [sample, sample, sample] : [sample] })),
  );
  expect(calls.filter((call) => call.startsWith('decode'))).toEqual(['decode 1,1,1', 'decode 2']);
});
