import type { DecodeRequest, DecodeRow, NativeEncoding, NativeModel } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { createModelBatch, type Priority } from '../../../../daemon/src/whisper/batch/model-batch.ts';
import { createStopwatch } from '../../../../daemon/src/whisper/stopwatch.ts';

interface Encoding extends NativeEncoding {
  readonly windows: readonly string[];
}

/** A model that writes down its calls; each row's token is the number of its window's name. */
function loggingModel(device: 'cpu' | 'gpu' = 'cpu') {
  const calls: string[] = [];
  let open = 0;
  let mostOpen = 0;
  const encoding = (windows: readonly string[]): Encoding => {
    open += windows.length;
    mostOpen = Math.max(mostOpen, open);
    return {
      windows,
      windowCount: windows.length,
      readFeatures: async () => new Float32Array(),
      close: () => {
        open -= windows.length;
      },
    };
  };
  const windowsOf = (each: NativeEncoding) => (each as Encoding).windows;
  let failNext = false;
  let decoderSteps = 0;
  const model = {
    device,
    get counters() {
      const decodeHostSeconds = decoderSteps / 100;
      const decodeDeviceSeconds = decoderSteps / 10;
      return { encodedWindows: 0, decoderSteps, decodeHostSeconds, decodeDeviceSeconds, compilations: 0 };
    },
    async encode({ mels }) {
      const names = mels as unknown as readonly string[];
      calls.push(`encode ${names}`);
      return encoding(names);
    },
    async joinEncodings(parts) {
      return encoding(
        parts.flatMap(({ encoding: each, windows }) =>
          windows === undefined ? windowsOf(each) : windows.map((window) => windowsOf(each)[window] as string),
        ),
      );
    },
    async decode({ encoding: each, rows, onToken }) {
      calls.push(`decode ${rows.map(({ window }) => windowsOf(each)[window])}`);
      decoderSteps += 2;
      if (failNext) {
        failNext = false;
        throw Object.assign(new Error('broken'), { code: 'INTERNAL' });
      }
      return rows.map(({ window, cancellation }, row) => {
        const token = Number(windowsOf(each)[window]);
        onToken?.({ row, token });
        const isCancelled = (cancellation as { cancelled?: boolean } | undefined)?.cancelled === true;
        return {
          ...{ tokens: [token], sumLogprob: 0, avgLogprob: 0, noSpeechProb: 0 },
          ...(isCancelled && { cancelled: true as const }),
        };
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

function joining(model: NativeModel, capacity = 100) {
  const batch = createModelBatch(model, capacity);
  const stopwatch = createStopwatch(() => 0);
  return (priority: Priority = 'interactive') => batch.join({ priority, stopwatch });
}

const row: DecodeRow = { window: 0, prompt: [], sotIndex: 0, temperature: 0, seed: 0 };

function decodeRequest(encoding: NativeEncoding, more: Partial<DecodeRequest> = {}): DecodeRequest {
  const filters = { suppressAtBegin: [], suppress: [], timestampRules: null };
  return { encoding, rows: [row], filters, endOfText: 0, noSpeech: null, maxTokens: 4, ...more };
}

const encodeOf = (model: NativeModel, name: string) => model.encode({ mels: [name as never] });

async function transcribeWindow(model: NativeModel, name: string, more?: Partial<DecodeRequest>) {
  const encoding = await encodeOf(model, name);
  try {
    return (await model.decode(decodeRequest(encoding, more))).map(({ tokens }) => tokens[0]);
  } finally {
    encoding.close();
  }
}

test('a member alone waits for nobody', async () => {
  const { model, calls } = loggingModel();
  const member = joining(model)();
  expect(await transcribeWindow(member.model, '1')).toEqual([1]);
  expect(calls).toEqual(['encode 1', 'decode 1']);
});

test('members decode in one call, each with its own tokens', async () => {
  const { model, calls, openEncodings } = loggingModel();
  const join = joining(model);
  const members = [join(), join(), join()];
  const heard: string[] = [];
  const found = await Promise.all(
    members.map((member, i) =>
      transcribeWindow(member.model, String(i + 1), {
        rows: [row, { ...row, temperature: 1 }],
        onToken: ({ row: index, token }) => heard.push(`${i + 1}: row ${index}, token ${token}`),
      }),
    ),
  );
  expect(calls).toEqual(['encode 1', 'encode 2', 'encode 3', 'decode 1,1,2,2,3,3']);
  expect(found).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(heard.slice(0, 3)).toEqual(['1: row 0, token 1', '1: row 1, token 1', '2: row 0, token 2']);
  expect(openEncodings()).toBe(0);
});

test('on a GPU they are encoded in one call too', async () => {
  const { model, calls, openEncodings } = loggingModel('gpu');
  const join = joining(model);
  const members = [join(), join()];
  const found = await Promise.all(members.map((member, i) => transcribeWindow(member.model, String(i + 1))));
  expect(calls).toEqual(['encode 1,2', 'decode 1,2']);
  expect(found).toEqual([[1], [2]]);
  expect(openEncodings()).toBe(0);
});

test('rows that are filtered otherwise are decoded by themselves', async () => {
  const { model, calls } = loggingModel();
  const join = joining(model);
  const members = [join(), join(), join()];
  const leaving = members.map(async (member, i) => {
    await transcribeWindow(member.model, String(i + 1), { maxTokens: i === 1 ? 8 : 4 });
    member.leave();
  });
  await Promise.all(leaving);
  expect(calls.filter((call) => call.startsWith('decode'))).toEqual(['decode 1,3', 'decode 2']);
});

test('who leaves is not waited for', async () => {
  const { model, calls } = loggingModel();
  const join = joining(model);
  const [first, second] = [join(), join()];
  const found = transcribeWindow(first.model, '1');
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual([]);
  second.leave();
  expect(await found).toEqual([1]);
});

test('no call of a bulk member starts while there is an interactive one', async () => {
  const { model, calls } = loggingModel();
  const join = joining(model);
  const bulk = join('bulk');
  const encoding = await encodeOf(bulk.model, '1');
  const interactive = join();
  const waiting = bulk.model.decode(decodeRequest(encoding));
  await transcribeWindow(interactive.model, '2');
  expect(calls).toEqual(['encode 1', 'encode 2', 'decode 2']);
  interactive.leave();
  await waiting;
  expect(calls.at(-1)).toBe('decode 1');
});

test('a failure is told to all who took part, and the next call runs', async () => {
  const { model, failNextDecode } = loggingModel();
  const join = joining(model);
  const members = [join(), join()];
  failNextDecode();
  const failed = await Promise.allSettled(members.map((member, i) => transcribeWindow(member.model, String(i))));
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = await Promise.all(members.map((member, i) => transcribeWindow(member.model, String(i))));
  expect(again).toEqual([[0], [1]]);
});

test('a cancelled member ends with its cancellation, and the others with their tokens', async () => {
  const { model } = loggingModel();
  const join = joining(model);
  const cancelled = { cancelled: true, cancel: () => undefined };
  const [first, second] = await Promise.allSettled([
    transcribeWindow(join().model, '1', { cancellation: cancelled }),
    transcribeWindow(join().model, '2'),
  ]);
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
  expect(second).toEqual({ status: 'fulfilled', value: [2] });
});

test('the time and the steps of a call are counted once for a recording, and for every recording in it', async () => {
  const { model } = loggingModel();
  const batch = createModelBatch(model, 100);
  let nowMs = 0;
  const stopwatches = [createStopwatch(() => nowMs++), createStopwatch(() => nowMs++)] as const;
  const members = [0, 0, 1].map((i) =>
    batch.join({ priority: 'interactive', stopwatch: stopwatches[i] as (typeof stopwatches)[0] }),
  );
  await Promise.all(members.map((member, i) => transcribeWindow(member.model, String(i))));
  expect(stopwatches[0].seconds('decode')).toBeGreaterThan(0);
  expect(stopwatches[1].seconds('decode')).toBeGreaterThan(0);
  expect(stopwatches[0].seconds('encode')).toBeGreaterThan(stopwatches[1].seconds('encode'));
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
  const member = createModelBatch(model, 100).join({ priority: 'interactive', stopwatch });
  await transcribeWindow(member.model, '1');
  expect(stopwatch.seconds('prompt')).toBeGreaterThan(0);
  expect(stopwatch.seconds('prompt')).toBeLessThan(stopwatch.seconds('decode'));
  failNextDecode();
  await expect(transcribeWindow(member.model, '1')).rejects.toThrow('broken');
  const ended = stopwatch.seconds('prompt');
  await encodeOf(member.model, '2');
  expect(stopwatch.seconds('prompt')).toBe(ended);
});

test.each(['cpu', 'gpu'] as const)('on a %s no more windows are in memory than there is room for', async (device) => {
  const { model, calls, mostOpenWindows, openEncodings } = loggingModel(device);
  const join = joining(model, 3);
  const found = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const member = join();
      const tokens = [await transcribeWindow(member.model, String(i)), await transcribeWindow(member.model, String(i))];
      member.leave();
      return tokens;
    }),
  );
  expect(found).toEqual(Array.from({ length: 8 }, (_, i) => [[i], [i]]));
  expect(Math.max(...calls.map((call) => call.split(',').length))).toBeLessThanOrEqual(3);
  // What is joined for a decode shares the memory of its parts.
  expect(mostOpenWindows()).toBeLessThanOrEqual(2 * 3);
  expect(openEncodings()).toBe(0);
});

test('a window goes on where the room is taken by those who cannot', async () => {
  const { model } = loggingModel();
  const join = joining(model, 1);
  const held = await encodeOf(join('bulk').model, '1');
  expect(await transcribeWindow(join('interactive').model, '2')).toEqual([2]);
  held.close();
});

test('a call with more texts than there is room for runs by itself', async () => {
  const { model, calls } = loggingModel();
  const join = joining(model, 2);
  const members = [join(), join()];
  const leaving = members.map(async (member, i) => {
    await transcribeWindow(member.model, String(i + 1), { rows: i === 0 ? [row, row, row] : [row] });
    member.leave();
  });
  await Promise.all(leaving);
  expect(calls.filter((call) => call.startsWith('decode'))).toEqual(['decode 1,1,1', 'decode 2']);
});
