import type {
  Cancellation,
  DecodeRequest,
  DecodeRow,
  ModelDimensions,
  NativeAudio,
  NativeEncoding,
  NativeMel,
  NativeModel,
} from '../../../native/index.ts';

/** What the model says of one row. */
export interface Answer {
  readonly tokens: readonly number[];
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
}

/** One row that was decoded, and the window it heard. */
export interface DecodedRow extends DecodeRow {
  readonly startFrame: number;
  readonly frameCount: number;
  readonly request: DecodeRequest;
}

export interface ScriptedModel {
  readonly model: NativeModel;
  readonly decoded: readonly DecodedRow[];
  readonly encodedWindows: () => number;
  /** Mels and encodings that nobody closed. */
  readonly openHandles: () => number;
  /** The cancellation that each call was given. */
  readonly cancellations: readonly (Cancellation | undefined)[];
}

export interface ModelScript {
  readonly answer: (row: DecodedRow) => Answer | Promise<Answer>;
  readonly languageProbability?: (token: number) => number;
  readonly dimensions?: Partial<ModelDimensions>;
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
  const cancellations: (Cancellation | undefined)[] = [];
  /** Of every window that a handle holds. */
  const framesOf = new Map<NativeMel | NativeEncoding, readonly { startFrame: number; frameCount: number }[]>();
  let openHandles = 0;
  let encodedWindows = 0;

  const open = <Handle extends object>(handle: Handle): Handle & { close(): void } => {
    openHandles += 1;
    const close = () => {
      openHandles -= 1;
    };
    return { ...handle, close };
  };
  const framesHeardBy = (handle: NativeMel | NativeEncoding) => {
    const frames = framesOf.get(handle);
    if (frames === undefined) throw new Error('Expected a handle of this model, got another.');
    return frames;
  };

  const model = {
    dimensions: { ...baseDimensions, ...script.dimensions },
    counters: { encodedWindows: 0, decoderSteps: 0, decodeHostSeconds: 0, decodeDeviceSeconds: 0, compilations: 0 },
    async logMel({ startFrame, frameCount, cancellation }) {
      cancellations.push(cancellation);
      const mel = open({ contentFrames: frameCount, read: () => new Float32Array() });
      framesOf.set(mel, [{ startFrame, frameCount }]);
      return mel;
    },
    async encode({ mels, cancellation }) {
      cancellations.push(cancellation);
      encodedWindows += mels.length;
      const encoding = open({ windowCount: mels.length, readFeatures: async () => new Float32Array() });
      framesOf.set(encoding, mels.flatMap(framesHeardBy));
      return encoding;
    },
    async joinEncodings(parts) {
      const frames = parts.flatMap(({ encoding, windows }) => {
        const own = framesHeardBy(encoding);
        return windows?.map((window) => own[window] as (typeof own)[0]) ?? own;
      });
      const encoding = open({ windowCount: frames.length, readFeatures: async () => new Float32Array() });
      framesOf.set(encoding, frames);
      return encoding;
    },
    async detectLanguage({ languageTokens }) {
      return [Float32Array.from(languageTokens, (token) => script.languageProbability?.(token) ?? 0)];
    },
    async decode(request) {
      cancellations.push(request.cancellation);
      const frames = framesHeardBy(request.encoding);
      const heard = request.rows.map((row) => ({ ...row, ...(frames[row.window] as (typeof frames)[0]), request }));
      decoded.push(...heard);
      const answers = await Promise.all(heard.map(script.answer));
      return answers.map(({ tokens, avgLogprob, noSpeechProb }) => ({
        tokens,
        avgLogprob,
        sumLogprob: avgLogprob * (tokens.length + 1),
        noSpeechProb,
      }));
    },
  } satisfies Partial<NativeModel>;

  return {
    model: model as unknown as NativeModel,
    decoded,
    cancellations,
    encodedWindows: () => encodedWindows,
    openHandles: () => openHandles,
  };
}

/** A recording of which only the length matters. */
export function silentAudio(durationSeconds: number): NativeAudio {
  const sampleCount = Math.round(durationSeconds * 16_000);
  return {
    sampleCount,
    durationSeconds,
    container: 'WAV',
    codec: '16-bit PCM',
    sourceSampleRateHz: 16_000,
    sourceChannels: 1,
    peakAmplitude: 0,
    rmsAmplitude: 0,
    dcOffset: 0,
    warnings: [],
    samples: (_, count) => new Int16Array(count),
    close: () => undefined,
  };
}
