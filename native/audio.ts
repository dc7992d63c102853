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

/** 16 kHz mono 16-bit samples of one recording, held outside the JavaScript heap. */
export interface NativeAudio {
  readonly sampleCount: number;
  readonly durationSeconds: number;
  /** Container and codec as found by content, for example `FLAC` and `16-bit PCM`. */
  readonly container: string;
  readonly codec: string;
  readonly sourceSampleRateHz: number;
  readonly sourceChannels: number;
  /** Of the samples, where 1 is full scale: the largest distance from `dcOffset`, the mean one, and the samples' mean. */
  readonly peakAmplitude: number;
  readonly rmsAmplitude: number;
  readonly dcOffset: number;
  readonly warnings: readonly AudioWarning[];
  /** A copy of the samples `[start, start + count)`, clipped to the recording. */
  samples(start: number, count: number): Int16Array;
  close(): void;
}

export interface OpenAudioRequest {
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** Silero's voice activity network. */
export interface NativeVoiceActivity {
  close(): void;
}
