import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DecodeRequest, DecodeResult, NativeEncoding, NativeModel } from '@hearth/native';
import { loadModelForced } from '@hearth/native/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { avgLogprob, textOf, untimed } from './support/decode-request.ts';
import { encodeWindows, loadEmbeddedModel, sessionOf } from './support/embedded-model.ts';
import { writeModelFolder } from './support/model-folder.ts';
import { createSmallModel, type SmallModel } from './support/small-model.ts';

const embedded = fileURLToPath(new URL('../../assets/models/whisper-base-4bit', import.meta.url));
const form = { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors' } as const;
const windows = [
  { file: 'picovoice_leopard_de.wav', frameCount: 525, windowFrames: 1600, language: 'de' },
  { file: 'google_brooklyn.flac', frameCount: 181, windowFrames: 1200, language: 'en' },
];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-draft-'));
  const [large, other] = [7, 8].map((seed) => createSmallModel({ melBins: 80, vocabularySize: 51865, seed })) as [
    SmallModel,
    SmallModel,
  ];
  await write('large', large);
  for (const [name, model] of [
    ['often', large],
    ['never', other],
  ] as const) {
    await write(name, { ...model, dimensions: { ...model.dimensions, textLayers: 1 } });
  }
});

afterAll(() => rm(folder, { recursive: true }));

describe('real speech with a draft model', () => {
  let alone: NativeModel;
  let drafted: NativeModel;
  let before: { readonly encodings: readonly NativeEncoding[]; readonly answers: readonly DecodeResult[] };
  let encodings: readonly NativeEncoding[];

  beforeAll(async () => {
    alone = await loadEmbeddedModel();
    drafted = await loadEmbeddedModel({
      draftFolder: await otherConfig('fewer-layers', { n_text_layer: 5 }),
      draftCost: 0,
    });
    const own = await encodeWindows(alone, windows);
    before = { encodings: own, answers: await decodeAll(alone, requestsOf(own)) };
    encodings = await encodeWindows(drafted, windows);
  });

  afterAll(() => {
    for (const encoding of [...encodings, ...before.encodings]) encoding.close();
    alone.close();
    drafted.close();
  });

  test('is heard as without it, in fewer runs of the large model', async () => {
    const steps = drafted.counters;
    const session = sessionOf(drafted);
    const answers = [];
    for (const request of requestsOf(encodings)) answers.push(...(await session.decode(request)));
    const { usage } = session;
    session.close();
    expectSame(answers, before.answers);
    expect(usage.acceptedDraftTokens).toBeGreaterThan(0);
    expect(usage.draftTokens).toBeGreaterThan(usage.acceptedDraftTokens);
    const runsAlone = answers.reduce((sum, { tokens }) => sum + tokens.length + 1, 0);
    // On a GPU the next step begins before the last one is read, in vain where a text ends with that one.
    const mostInVain = drafted.operations === 'mlx' ? answers.length : 0;
    expect(usage.decoderSteps).toBeGreaterThanOrEqual(runsAlone - usage.acceptedDraftTokens);
    expect(usage.decoderSteps).toBeLessThanOrEqual(runsAlone - usage.acceptedDraftTokens + mostInVain);
    // A window is heard when something is first guessed of it, and once for all its texts.
    expect(steps.draftWindows).toBe(0);
    expect(drafted.counters.draftWindows).toBeGreaterThan(0);
    expect(drafted.counters.draftWindows).toBeLessThanOrEqual(windows.length);
    expect(drafted.counters.draftSteps - steps.draftSteps).toBeGreaterThan(0);
    expect([alone.counters.draftWindows, alone.counters.draftSteps]).toEqual([0, 0]);
  });

  test('is heard as without it in texts that are decoded together, and with a draft of the client too', async () => {
    expectSame(await decodeAll(drafted, requestsOf(encodings)), before.answers);
    const withDrafts = requestsOf(encodings).map((request, i) => ({
      ...request,
      draft: before.answers[i]?.tokens.slice(0, 4 + i).with(-1, 2425),
    }));
    expectSame(await decodeAll(drafted, withDrafts), before.answers);
  });

  test('is searched and sampled without it', async () => {
    const [german] = requestsOf(encodings) as [DecodeRequest];
    const [same] = requestsOf(before.encodings) as [DecodeRequest];
    const steps = drafted.counters.draftSteps;
    const found = await Promise.all([drafted, alone].map(searchAndSample));
    expect(found[0]).toEqual(found[1]);
    expect(drafted.counters.draftSteps).toBe(steps);

    async function searchAndSample(model: NativeModel) {
      const request = { ...(model === drafted ? german : same), maxTokens: 20 };
      const session = sessionOf(model);
      const sampled = await session.decode({ ...request, samples: [{ temperature: 0.7, seed: 3 }] });
      const searched = await session.beamSearch({ ...request, beamSize: 2, patience: 1 });
      session.close();
      return {
        sampled: sampled.map(({ tokens }) => tokens),
        searched: searched.candidates.map(({ tokens }) => tokens),
      };
    }
  });
});

describe.each(['cpu', 'mlx'] as const)('with operations of %s', (operations) => {
  test('a draft model that is often right, and one that is always wrong, change no text, alone and beside others', async () => {
    const expected = await answersOf(null);
    for (const name of ['often', 'never']) expectSame(await answersOf(join(folder, name)), expected);
  });

  async function answersOf(draftFolder: string | null): Promise<readonly DecodeResult[]> {
    const model = await loadModelForced({ folder: join(folder, 'large'), draftFolder, draftCost: 0, operations });
    const encodings = await encodeWindows(model, windows);
    const [first, second] = requestsOf(encodings).map((request) => ({ ...request, maxTokens: 40 })) as [
      DecodeRequest,
      DecodeRequest,
    ];
    const session = sessionOf(model);
    const joined: Promise<readonly DecodeResult[]>[] = [];
    const onToken = () => {
      const next = [second, untimed(first)][joined.length];
      if (next !== undefined) joined.push(session.decode(next));
    };
    const answers = [await session.decode(second), await session.decode({ ...first, onToken })];
    const all = [...answers, ...(await Promise.all(joined))].flat();
    if (draftFolder !== null) expect(model.counters.draftSteps).toBeGreaterThan(0);
    session.close();
    for (const encoding of encodings) encoding.close();
    model.close();
    return all;
  }
});

describe('a draft model', () => {
  test('has to know the same tokens', async () => {
    const draftFolder = await otherConfig('v3', { n_text_layer: 5, n_vocab: 51866 });
    await expect(loadEmbeddedModel({ draftFolder })).rejects.toMatchObject({
      code: 'DRAFT_MODEL_MISMATCH',
      message: expect.stringMatching(/51865 tokens, 80 mel bins.*51866 tokens, 80 mel bins/),
    });
  });

  test('has to hear the same spectrogram', async () => {
    const draftFolder = await otherConfig('mels', { n_text_layer: 5, n_mels: 128 });
    await expect(loadEmbeddedModel({ draftFolder })).rejects.toMatchObject({ code: 'DRAFT_MODEL_MISMATCH' });
  });

  test('has to be there', async () => {
    await expect(loadEmbeddedModel({ draftFolder: join(folder, 'none') })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  test('that is no smaller than the model itself is left out', async () => {
    const model = await loadEmbeddedModel({ draftFolder: embedded });
    expect(model.draft).toBeNull();
    model.close();
  });

  test('takes a part of the memory set apart for windows, and says what it weighs', async () => {
    const draftFolder = join(folder, 'often');
    const [alone, drafted] = [await loadEmbeddedModel(), await loadEmbeddedModel({ draftFolder })];
    expect(drafted.windowCapacity).toBeLessThan(alone.windowCapacity);
    expect(drafted.draft?.folder).toBe(draftFolder);
    expect(drafted.draft?.weightBytes).toBeGreaterThan(10_000_000);
    alone.close();
    drafted.close();
  });
});

/** The embedded model's weights under another description; with a layer less it is often right. */
async function otherConfig(name: string, changes: Readonly<Record<string, number>>): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const config = JSON.parse(await readFile(join(embedded, 'config.json'), 'utf8')) as object;
  await writeFile(join(path, 'config.json'), JSON.stringify({ ...config, ...changes }));
  await symlink(join(embedded, 'model.safetensors'), join(path, 'model.safetensors'));
  return path;
}

async function write(name: string, model: SmallModel): Promise<void> {
  const path = join(folder, name);
  await mkdir(path);
  await writeModelFolder(path, model, form);
}

function requestsOf(encodings: readonly NativeEncoding[]): DecodeRequest[] {
  const texts = windows.map((window, i) => textOf(window, encodings[i] as NativeEncoding));
  return [...texts, untimed(texts[1] as DecodeRequest)];
}

async function decodeAll(model: NativeModel, requests: readonly DecodeRequest[]): Promise<readonly DecodeResult[]> {
  const session = sessionOf(model);
  const answers = await Promise.all(requests.map((request) => session.decode(request)));
  session.close();
  return answers.flat();
}

function expectSame(found: readonly DecodeResult[], expected: readonly DecodeResult[]): void {
  expect(found.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
  for (const [i, result] of found.entries()) {
    expect(avgLogprob(result)).toBeCloseTo(avgLogprob(expected[i]), 3);
    expect(result.noSpeechProb).toBeCloseTo(expected[i]?.noSpeechProb as number, 4);
  }
}
