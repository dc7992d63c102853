import type { DecodeResult, NativeEncoding, NativeModel } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { avgLogprob, decodeRequest, rowOf, translation } from './support/decode-request.ts';
import { encodeWindow, loadEmbeddedModel, multilingual } from './support/embedded-model.ts';
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

test('tokens, which are chosen in their graph, are those of our own operations, for rows that start and end apart', async () => {
  const own = await loadEmbeddedModel({ operations: 'cpu' });
  const ownEncoding = await encodeWindow(own, clip);
  const expected = await decodeAll(own, ownEncoding);
  ownEncoding.close();
  own.close();
  const found = await decodeAll(mlx, encoding);
  expect(found.text[0]?.tokens).toEqual(expected.text[0]?.tokens);
  const tokensOf = (results: readonly DecodeResult[], row: number) => results[row]?.tokens;
  expect(tokensOf(expected.timed, 6)?.length).toBeGreaterThan(tokensOf(expected.timed, 0)?.length as number);
  for (const row of [0, 1, 2, 6]) {
    expect(tokensOf(found.timed, row)).toEqual(tokensOf(expected.timed, row));
    expect(avgLogprob(found.timed[row])).toBeCloseTo(avgLogprob(expected.timed[row]), 3);
  }
  expect(tokensOf(found.timed, 3)).toEqual(tokensOf(found.timed, 4));
  expect(tokensOf(found.timed, 3)).not.toEqual(tokensOf(found.timed, 5));
});

async function decodeAll(model: NativeModel, of: NativeEncoding) {
  const { special } = multilingual;
  const greedy = rowOf({ language: 'en' }, of);
  const led = { ...greedy, prompt: [special.startOfPrevious, 400, 370, ...greedy.prompt], sotIndex: 3 };
  const sampled = { ...greedy, temperature: 1 };
  const goingOn = { ...greedy, speechUntil: special.timestampBegin + 1000 };
  const rows = [greedy, led, { ...greedy, ...translation() }, sampled, sampled, { ...sampled, seed: 1 }, goingOn];
  const plainText = { ...greedy, prompt: [...greedy.prompt, special.noTimestamps] };
  const untimed = logitFilters(
    createTokenizer(multilingual, { language: 'en', task: 'transcribe' }),
    resolveOptions({ withoutTimestamps: true }),
  );
  return {
    timed: await model.decode({ ...decodeRequest(rows), maxTokens: 30 }),
    text: await model.decode({ ...decodeRequest([plainText]), filters: untimed, maxTokens: 30 }),
  };
}
