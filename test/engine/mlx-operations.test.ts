import type { DecodeRequest, DecodeResult, NativeEncoding, NativeModel } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { avgLogprob, promptAfter, textOf, translation, untimed } from './support/decode-request.ts';
import { encodeWindow, loadEmbeddedModel, multilingual, sessionOf } from './support/embedded-model.ts';
import { expectOracleLogits } from './support/expect-oracle-logits.ts';
import { stageOracle } from './support/stage-oracle.ts';

// A Mac computes with MLX's own operations. On a CPU they take a minute for a window, so that there is one.
const [clip] = stageOracle.logits as [(typeof stageOracle.logits)[0]];
const slowOnCpuMs = 1_800_000;
let mlx: NativeModel;
let encoding: NativeEncoding;

beforeAll(async () => {
  mlx = await loadEmbeddedModel({ operations: 'mlx' });
  encoding = await encodeWindow(mlx, clip);
}, slowOnCpuMs);

afterAll(() => {
  encoding.close();
  mlx.close();
});

test("encoder and decoder say what OpenAI's say", async () => {
  expect(mlx.operations).toBe('mlx');
  await expectOracleLogits(mlx, encoding, clip);
});

test('tokens, which are chosen in their graph, are those of our own operations, for texts that start and end apart', async () => {
  const own = await loadEmbeddedModel({ operations: 'cpu' });
  const ownEncoding = await encodeWindow(own, clip);
  const expected = await decodeAll(own, ownEncoding);
  ownEncoding.close();
  own.close();
  const found = await decodeAll(mlx, encoding);
  expect(found.greedy.map(({ tokens }) => tokens)).toEqual(expected.greedy.map(({ tokens }) => tokens));
  for (const [i, result] of found.greedy.entries()) {
    expect(avgLogprob(result)).toBeCloseTo(avgLogprob(expected.greedy[i]), 3);
  }
  expect(expected.greedy[3]?.tokens.length).toBeGreaterThan(expected.greedy[0]?.tokens.length as number);
  expect(found.sampled[0]?.tokens).toEqual(found.sampled[1]?.tokens);
  expect(found.sampled[0]?.tokens).not.toEqual(found.sampled[2]?.tokens);
  expect(found.beams.map(({ tokens }) => tokens)).toEqual(expected.beams.map(({ tokens }) => tokens));
});

async function decodeAll(model: NativeModel, of: NativeEncoding) {
  const session = sessionOf(model);
  const greedy: DecodeRequest = { ...textOf({ language: 'en' }, of), maxTokens: 30 };
  const led = { ...greedy, ...promptAfter([400, 370]) };
  const goingOn = { ...greedy, speechUntil: multilingual.special.timestampBegin + 1000 };
  const sampled = [0, 0, 1].map((seed) => ({ temperature: 1, seed }));
  const texts = [greedy, led, { ...greedy, ...translation() }, goingOn, untimed(greedy)];
  const found: readonly DecodeResult[][] = await Promise.all(
    [...texts, { ...greedy, samples: sampled }].map(async (text) => [...(await session.decode(text))]),
  );
  const { candidates } = await session.beamSearch({ ...greedy, beamSize: 2, patience: 1 });
  session.close();
  return { greedy: found.slice(0, -1).flat(), sampled: found.at(-1) ?? [], beams: candidates };
}
