/** Something about a recording that its user should know; what could be read of it is kept. */
export interface AudioWarning {
  readonly code: 'damaged' | 'sound-left-out' | 'wrong-length' | 'inverted-channels';
  /** A sentence for people. */
  readonly message: string;
  /** Where in the recording, if anywhere. */
  readonly atSeconds: number | null;
  /** How much of the file it is about, where that is known. */
  readonly bytes: number | null;
}

/** 16 kHz mono 16-bit samples of a recording that may still be decoded, held outside the JavaScript heap. */
export interface NativeComingAudio {
  /** Container and codec as found by content, for example `FLAC` and `16-bit PCM`. */
  readonly container: string;
  readonly codec: string;
  readonly sourceSampleRateHz: number;
  readonly sourceChannels: number;
  /** What the channel is called, such as `Left`, if this is one channel alone. */
  readonly channel: string | null;
  /** How long it is according to its file; null where it does not say, or holds several recordings. */
  readonly claimedSeconds: number | null;
  /**
   * Resolves with the number of samples that are decoded once there are so many of them, or all that there are. Rejects
   * with what ended the decoding before.
   */
  reach(sampleCount: number): Promise<number>;
  /** Resolves once all of it is decoded. Rejects with what ended the decoding before. */
  whole(): Promise<AudioFacts>;
  /** A copy of the samples `[start, start + count)`, as far as they are decoded. */
  samples(start: number, count: number): Int16Array;
  /** Ends the decoding, too. */
  close(): void;
}

/** What is known of a recording once all of it is decoded. */
export interface AudioFacts {
  readonly sampleCount: number;
  readonly durationSeconds: number;
  /** Of the samples, where 1 is full scale: the largest distance from `dcOffset`, the mean one, and the samples' mean. */
  readonly peakAmplitude: number;
  readonly rmsAmplitude: number;
  readonly dcOffset: number;
  readonly warnings: readonly AudioWarning[];
}

/** A whole recording, or one of its channels. */
export type NativeAudio = NativeComingAudio & AudioFacts;

/** How the bytes of a sound are samples: little endian, channels interleaved. */
export interface SampleFormat {
  readonly encoding: 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64' | 'mulaw' | 'alaw';
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** Sound that is still coming, converted as a file of the same samples is; samples count from its beginning. */
export interface NativeGrowingAudio {
  readonly sampleCount: number;
  /** Takes any number of bytes. */
  append(bytes: Uint8Array): void;
  /** No more comes: gives the last samples that waited for it. */
  finish(): void;
  /** Gives up the samples before one, but for what voice activity needs to go on. */
  forget(before: number): void;
  /** A copy of the samples `[start, start + count)`, as far as they are there, as a recording of its own. */
  recording(start: number, count: number): NativeAudio;
  close(): void;
}

/** Silero's voice activity network. */
export interface NativeVoiceActivity {
  close(): void;
}
