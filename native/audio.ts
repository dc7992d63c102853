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

/** 16 kHz mono 16-bit samples of one recording, or of one of its channels, held outside the JavaScript heap. */
export interface NativeAudio {
  readonly sampleCount: number;
  readonly durationSeconds: number;
  /** Container and codec as found by content, for example `FLAC` and `16-bit PCM`. */
  readonly container: string;
  readonly codec: string;
  readonly sourceSampleRateHz: number;
  readonly sourceChannels: number;
  /** What the channel is called, such as `Left`, if this is one channel alone. */
  readonly channel: string | null;
  /** Of the samples, where 1 is full scale: the largest distance from `dcOffset`, the mean one, and the samples' mean. */
  readonly peakAmplitude: number;
  readonly rmsAmplitude: number;
  readonly dcOffset: number;
  readonly warnings: readonly AudioWarning[];
  /** A copy of the samples `[start, start + count)`, clipped to the recording. */
  samples(start: number, count: number): Int16Array;
  close(): void;
}

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
