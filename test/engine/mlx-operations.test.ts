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

test('texts with drafts, good and bad, join a running decode and stay as they are', async () => {
  const session = sessionOf(mlx);
  const long: DecodeRequest = { ...textOf({ language: 'en' }, encoding), maxTokens: 12 };
  const texts = [long, { ...long, ...translation() }, untimed(long), { ...long, ...promptAfter([400, 370]) }];
  const alone = (await Promise.all(texts.map((text) => session.decode(text)))).flat();
  const [answer] = alone as [DecodeResult];
  const before = session.usage;
  const [again] = await session.decode({ ...long, draft: answer.tokens });
  expect(again?.tokens).toEqual(answer.tokens);
  expect(session.usage.decoderSteps - before.decoderSteps).toBe(1);
  // What follows the last but one token of a text that may not be longer is the draft's last, and is not compared.
  expect(session.usage.acceptedDraftTokens).toBe(answer.tokens.length - 1);

  // A token that differs, one to find the place by, and one that is on its way by then.
  const accepted = session.usage.acceptedDraftTokens;
  const [behind] = await session.decode({ ...long, draft: answer.tokens.with(3, 2425) });
  expect(behind?.tokens).toEqual(answer.tokens);
  expect(session.usage.acceptedDraftTokens - accepted).toBeGreaterThanOrEqual(answer.tokens.length - 4);

  const joined: Promise<readonly DecodeResult[]>[] = [];
  const drafts = [answer.tokens, answer.tokens.with(1, 2425), alone[2]?.tokens.with(-2, 2425), [2425, 11]];
  const onToken = () => {
    const next = joined.length;
    if (next < texts.length) joined.push(session.decode({ ...(texts[next] as DecodeRequest), draft: drafts[next] }));
  };
  const [first] = await session.decode({ ...long, onToken });
  const together = (await Promise.all(joined)).flat();
  session.close();
  expect(first?.tokens).toEqual(answer.tokens);
  expect(together.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
  for (const [i, result] of together.entries()) expect(avgLogprob(result)).toBeCloseTo(avgLogprob(alone[i]), 3);
});

test('a beam search and a text with a draft are decoded together and stay as they are', async () => {
  const session = sessionOf(mlx);
  const text: DecodeRequest = { ...textOf({ language: 'en' }, encoding), maxTokens: 8 };
  const beams = { ...text, beamSize: 2, patience: 1 };
  const [answer] = (await session.decode(text)) as [DecodeResult];
  const { candidates } = await session.beamSearch(beams);
  const before = session.usage;
  // Behind the token that differs the draft is read again, beside the beams.
  const drafted = { ...text, draft: answer.tokens.with(2, 2425) };
  const [[found], together] = await Promise.all([session.decode(drafted), session.beamSearch(beams)]);
  expect(found?.tokens).toEqual(answer.tokens);
  expect(together.candidates.map(({ tokens }) => tokens)).toEqual(candidates.map(({ tokens }) => tokens));
  expect(session.usage.acceptedDraftTokens - before.acceptedDraftTokens).toBeGreaterThan(3);
  session.close();
});

test('sampled texts beside a beam search are what they are alone', async () => {
  const session = sessionOf(mlx);
  const text: DecodeRequest = { ...textOf({ language: 'en' }, encoding), maxTokens: 8 };
  const sampled = { ...text, samples: [3, 4].map((seed) => ({ temperature: 1, seed })) };
  const beams = { ...text, beamSize: 2, patience: 1 };
  const alone = await session.decode(sampled);
  const { candidates } = await session.beamSearch(beams);
  const [found, together] = await Promise.all([session.decode(sampled), session.beamSearch(beams)]);
  expect(found.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
  expect(together.candidates.map(({ tokens }) => tokens)).toEqual(candidates.map(({ tokens }) => tokens));
  session.close();
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
