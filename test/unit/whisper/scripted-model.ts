import type { AudioFacts, DecodeRequest, ModelDimensions, NativeAudio, NativeEncoding } from '@hearth/native';
import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';

/** What the model says of one sample. */
export interface Answer {
  readonly tokens: readonly number[];
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
}

/** One sample that was decoded, and the window it heard. */
export interface DecodedRow {
  readonly startFrame: number;
  readonly frameCount: number;
  readonly windowFrames: number;
  readonly prompt: readonly number[];
  readonly speechUntil: number | undefined;
  readonly temperature: number;
  readonly seed: number;
  readonly request: DecodeRequest;
}

export interface ScriptedModel {
  readonly model: WhisperModel;
  readonly decoded: readonly DecodedRow[];
  readonly encodedWindows: () => number;
  /** Encodings that nobody closed. */
  readonly openHandles: () => number;
}

export interface ModelScript {
  readonly answer: (row: DecodedRow) => Answer | Promise<Answer>;
  readonly languageProbability?: (token: number) => number;
  readonly dimensions?: Partial<ModelDimensions>;
  /** Of speech, every 32 ms; default: nothing listens for it. */
  readonly speech?: Float32Array;
  /** Whether it finds a text's tokens evenly spread over the sound; default: nothing asks where they are. */
  readonly alignsEvenly?: boolean;
}

const baseDimensions: ModelDimensions = {
  melBins: 80,
  audioContext: 1500,
  audioState: 512,
  audioHeads: 8,
  audioLayers: 6,
  vocabularySize: 51865,
  textContext: 448,
  textState: 512,
  textHeads: 8,
  textLayers: 6,
};

/** A model without weights: it hears which frames it is given and answers as the script says. */
export function createScriptedModel(script: ModelScript): ScriptedModel {
  const decoded: DecodedRow[] = [];
  const framesOf = new Map<NativeEncoding, Pick<DecodedRow, 'startFrame' | 'frameCount' | 'windowFrames'>>();
  let openHandles = 0;
  let encodedWindows = 0;

  const model: WhisperModel = {
    dimensions: { ...baseDimensions, ...script.dimensions },
    alignmentHeads: [],
    speechFrom: async (_, first) => script.speech?.subarray(first) ?? null,
    async encode({ startFrame, frameCount, windowFrames = 3000 }) {
      openHandles += 1;
      encodedWindows += 1;
      const encoding: NativeEncoding = {
        close() {
          openHandles -= 1;
        },
      };
      framesOf.set(encoding, { startFrame, frameCount, windowFrames });
      return encoding;
    },
    async detectLanguage({ languageTokens }) {
      return Float32Array.from(languageTokens, (token) => script.languageProbability?.(token) ?? 0);
    },
    async decode(request) {
      const frames = framesOf.get(request.encoding);
      if (frames === undefined) throw new Error('Expected an encoding of this model, got another.');
      const { prompt, speechUntil } = request;
      const rows = request.samples.map((sample) => ({ ...frames, prompt, speechUntil, ...sample, request }));
      decoded.push(...rows);
      const answers = await Promise.all(rows.map(script.answer));
      return answers.map(({ tokens, avgLogprob, noSpeechProb }) => ({
        tokens,
        sumLogprob: avgLogprob * (tokens.length + 1),
        noSpeechProb,
      }));
    },
    beamSearch: () => Promise.reject(new Error('Expected no beam search.')),
    async align({ text, frames }) {
      if (script.alignsEvenly !== true) throw new Error('Expected no alignment.');
      return {
        starts: Int32Array.from({ length: text.length + 1 }, (_, i) => Math.floor((i * frames) / text.length)),
        probabilities: new Float32Array(text.length).fill(1),
      };
    },
  };
  return { model, decoded, encodedWindows: () => encodedWindows, openHandles: () => openHandles };
}

/** A recording of which only the length matters. */
export function silentAudio(durationSeconds: number, others: Partial<AudioFacts> = {}): NativeAudio {
  const sampleCount = Math.round(durationSeconds * 16_000);
  const facts: AudioFacts = {
    sampleCount,
    durationSeconds,
    peakAmplitude: 0,
    rmsAmplitude: 0,
    dcOffset: 0,
    warnings: [],
    ...others,
  };
  return {
    ...facts,
    container: 'WAV',
    codec: '16-bit PCM',
    sourceSampleRateHz: 16_000,
    sourceChannels: 1,
    channel: null,
    claimedSeconds: durationSeconds,
    reach: async () => sampleCount,
    whole: async () => facts,
    samples: (_, count) => new Int16Array(count),
    close: () => undefined,
  };
}
