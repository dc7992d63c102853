import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { eachRecording, refusalOf, type Show } from '../../../daemon/src/cli/each-recording.ts';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';

let printed: string[];
let told: string[];

beforeEach(() => {
  printed = [];
  told = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.push(String(text).trim());
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Recordings that end when a test says so. */
function openBatch(inputs: readonly string[], atOnce: number) {
  const running = new Map<string, { end: () => void; fail: (error: unknown) => void }>();
  const summaries: string[] = [];
  const work = async (input: string, show: Show) => {
    show(() => printed.push(`start ${input}`));
    await new Promise<void>((resolve, reject) => running.set(input, { end: resolve, fail: reject })).finally(() =>
      running.delete(input),
    );
    show(() => printed.push(`text ${input}`));
    return async () => void printed.push(`rest ${input}`);
  };
  const code = eachRecording({ inputs, atOnce, onSummary: (text) => void summaries.push(text) }, work);
  return { running, summaries, code };
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('so many are worked on at a time, and the next starts when one ends, whichever', async () => {
  const { running, code } = openBatch(['a', 'b', 'c', 'd'], 2);
  expect([...running.keys()]).toEqual(['a', 'b']);
  running.get('b')?.end();
  await settle();
  expect([...running.keys()]).toEqual(['a', 'c']);
  running.get('c')?.end();
  await settle();
  expect([...running.keys()]).toEqual(['a', 'd']);
  for (const { end } of [...running.values()]) end();
  expect(await code).toBe(0);
});

test('what they show comes in the order of the arguments, and the first shows at once', async () => {
  const { running, summaries, code } = openBatch(['a', 'b', 'c'], 3);
  await settle();
  expect(printed).toEqual(['start a']);
  running.get('c')?.end();
  running.get('b')?.end();
  await settle();
  expect(printed).toEqual(['start a']);
  running.get('a')?.end();
  expect(await code).toBe(0);
  expect(printed).toEqual(['a', 'b', 'c'].flatMap((name) => [`start ${name}`, `text ${name}`, `rest ${name}`]));
  expect(summaries).toEqual(['3 done']);
});

test('one that fails is told in its turn and does not stop the others', async () => {
  const { running, summaries, code } = openBatch(['a', 'b', 'c'], 2);
  running.get('b')?.fail(new HearthError('AUDIO_EMPTY', 'It is empty.', { hint: '' }));
  await settle();
  expect(told).toEqual([]);
  running.get('c')?.end();
  running.get('a')?.end();
  expect(await code).toBe(1);
  expect(told).toEqual(['hearth: b: It is empty.']);
  expect(summaries).toEqual(['2 done, 1 failed']);
});

test('a request that is refused is told once, and no other recording is sent', async () => {
  const { running, code } = openBatch(['a', 'b', 'c', 'd'], 2);
  for (const { fail } of [...running.values()]) {
    fail(refusalOf(new HearthError('MODEL_NOT_FOUND', 'Expected a known model, got x.', { hint: '' })));
  }
  expect(await code).toBe(2);
  expect(told).toEqual(['hearth: Expected a known model, got x.']);
  expect([...running.keys()]).toEqual([]);
});

test('after Ctrl-C those that had ended are shown, and the others are counted', async () => {
  const { running, summaries, code } = openBatch(['a', 'b', 'c', 'd', 'e'], 3);
  running.get('b')?.end();
  await settle();
  for (const { fail } of [...running.values()]) fail(new HearthError('CANCELLED', 'Cancelled.', { hint: '' }));
  expect(await code).toBe(130);
  expect(told).toEqual(['hearth: Cancelled.']);
  expect(printed).toContain('text b');
  expect(summaries).toEqual(['1 done, 3 cancelled, 1 not started']);
});
