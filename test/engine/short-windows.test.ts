import { fileURLToPath } from 'node:url';
import type { DecodeRequest, NativeEncoding, NativeModel, NativeSession, NativeVoiceActivity } from '@hearth/native';
import { readFeatures, readLogits } from '@hearth/native/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import { lettersOf } from '../../daemon/src/whisper/recovery/repeats-neighbour.ts';
import { transcribe } from '../../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../../daemon/src/whisper/transcript.ts';
import { avgLogprob, textOf } from './support/decode-request.ts';
import {
  encodeWindow,
  encodeWindows,
  loadEmbeddedModel,
  multilingual,
  native,
  readMelWindow,
  sessionOf,
} from './support/embedded-model.ts';
import { decodePlainly, encodePlainly, type Matrix } from './support/plain-whisper.ts';
import { recordingPath } from './support/recordings.ts';
import { relativeError } from './support/relative-error.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';

const shortest = { file: 'google_brooklyn.flac', frameCount: 181, windowFrames: 1200, language: 'en' };
const middle = { file: 'picovoice_leopard_de.wav', frameCount: 525, windowFrames: 1600, language: 'de' };
const full = { file: 'librispeech-1688-joined.flac', startFrame: 3000, frameCount: 3000, language: 'en' };
const windows = [shortest, full, middle];
const tolerance = 2e-3;

describe('a model of random weights', () => {
  const small = createSmallModel({ melBins: 80, vocabularySize: 51865, seed: 5 });
  const prompt = [multilingual.special.startOfTranscript, multilingual.special.noTimestamps, 400];
  let model: NativeModel;
  let plain: { readonly features: Matrix; readonly logits: Matrix } | undefined;

  function computePlainly(mel: Float32Array) {
    const features = encodePlainly(small, mel);
    return { features, logits: decodePlainly(small, features, prompt) };
  }

  describe.each(['cpu', 'mlx'] as const)("in the operations '%s'", (operations) => {
    beforeAll(async () => {
      const form = { layout: 'mlx-whisper', storage: { bits: 4, groupSize: 64 } } as const;
      model = await loadSmallModel(small, { ...form, weightsFile: 'model.safetensors' }, { operations });
    });

    afterAll(() => model.close());

    test('encodes and decodes a short window as a plain float64 Whisper does', async () => {
      plain ??= computePlainly(await readMelWindow(model, shortest));
      const { features, logits } = plain;
      const encoding = await encodeWindow(model, shortest);
      expect(relativeError(await readFeatures(encoding), features.values)).toBeLessThan(tolerance);
      expect(relativeError(await readLogits({ model, encoding, tokens: prompt }), logits.values)).toBeLessThan(
        tolerance,
      );
      encoding.close();
    });

    test('decodes windows of different lengths together as one by one', async () => {
      await expectTogetherAsAlone(model, 12);
    });
  });
});

/** Texts of three windows, which join and leave a running decode at different steps. */
async function expectTogetherAsAlone(model: NativeModel, maxTokens: number): Promise<void> {
  const session = sessionOf(model);
  const encodings = await encodeWindows(model, windows);
  const requests = windows.map(
    (window, i): DecodeRequest => ({ ...textOf(window, encodings[i] as NativeEncoding), maxTokens: maxTokens - i }),
  );
  const together = (await Promise.all(requests.map((request) => session.decode(request)))).flat();
  const alone = [];
  for (const request of requests) alone.push(...(await session.decode(request)));
  for (const encoding of encodings) encoding.close();
  session.close();
  expect(together.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
  for (const [i, result] of together.entries()) expect(avgLogprob(result)).toBeCloseTo(avgLogprob(alone[i]), 4);
}

describe('real speech', () => {
  let model: NativeModel;
  let session: NativeSession;
  let voiceActivity: NativeVoiceActivity;

  beforeAll(async () => {
    model = await loadEmbeddedModel();
    session = sessionOf(model);
    const vad = fileURLToPath(new URL('../../assets/vad/silero_vad_16k.safetensors', import.meta.url));
    voiceActivity = await native.loadVoiceActivity({ path: vad });
  });

  afterAll(() => {
    voiceActivity.close();
    session.close();
    model.close();
  });

  test('in windows of different lengths is decoded together as one by one', async () => {
    await expectTogetherAsAlone(model, 40);
  });

  test('is aligned within the window that it has, and no further', async () => {
    const encoding = await encodeWindow(model, shortest);
    const { endOfText, startOfTranscript, noTimestamps } = multilingual.special;
    const prompt = [startOfTranscript, startOfTranscript + 1, noTimestamps];
    const align = (frames: number) =>
      session.align({ encoding, prompt, text: [400], frames, heads: model.alignmentHeads, endOfText });
    expect((await align(600)).starts).toHaveLength(2);
    await expect(align(601)).rejects.toMatchObject({ code: 'INTERNAL' });
    encoding.close();
  });

  async function heardAs(file: string, options: TranscriptionOptions) {
    const audio = await native.openAudio({ path: recordingPath(file) });
    const own = sessionOf(model, voiceActivity);
    const request = { model: own, vocabulary: multilingual, audio, options: resolveOptions(options) };
    const steps = transcribe(request);
    try {
      for (;;) {
        const { done, value } = await steps.next();
        if (done) return { transcript: value, windowSeconds: own.usage.windowSeconds };
      }
    } finally {
      own.close();
      audio.close();
    }
  }

  test.each([
    { file: 'jfk.flac', seconds: 16 },
    { file: '3331-159605-0004.flac', seconds: 12 },
    { file: 'librispeech_1995-1837-0001.wav', seconds: 14 },
  ])(
    'writes of $file, with `window=short`, what the full window does, at most 60 ms apart',
    async ({ file, seconds }) => {
      const options = { language: 'en', wordTimestamps: true };
      const short = await heardAs(file, { ...options, window: 'short' });
      const full = await heardAs(file, options);
      expect([short.windowSeconds, full.windowSeconds]).toEqual([seconds, 30]);
      const [found, expected] = [wordsOf(short.transcript), wordsOf(full.transcript)];
      const shifts = found.map((word, i) => shiftOf(word, expected[i] as Word));
      process.stdout.write(`${file}: words ${Math.max(...shifts).toFixed(2)} s apart at most\n`);
      expect(found.map(({ word }) => lettersOf(word))).toEqual(expected.map(({ word }) => lettersOf(word)));
      expect(Math.max(...shifts)).toBeLessThan(0.07);
    },
  );

  test('is heard in the full window too when its text is less likely than asked for, and says what that says', async () => {
    const options = { language: 'en', temperature: [0], logprobThreshold: -0.01 };
    const file = '3331-159605-0004.flac';
    const short = await heardAs(file, { ...options, window: 'short' });
    const full = await heardAs(file, options);
    expect(short.windowSeconds).toBe(12 + full.windowSeconds);
    expect(short.transcript.segments).toEqual(full.transcript.segments);
  });
});

type Word = ReturnType<typeof wordsOf>[number];

function wordsOf({ segments }: Transcript) {
  return segments.flatMap(({ words }) => words ?? []);
}

/** How far apart two times of a word are. */
function shiftOf(word: Word, other: Word): number {
  const { startSeconds, endSeconds } = other;
  return Math.max(Math.abs(word.startSeconds - startSeconds), Math.abs(word.endSeconds - endSeconds));
}
