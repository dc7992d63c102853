import type { NativeComingAudio } from './audio.ts';

/** A window of speech, and the tokens that the float model writes for it, with those that it was prompted with. */
export interface CalibrationWindow {
  readonly audio: NativeComingAudio;
  readonly startFrame: number;
  readonly frameCount: number;
  readonly tokens: readonly number[];
}

export interface QuantizeModelRequest {
  /** A float model in any layout. */
  readonly folder: string;
  /** Gets `weights.safetensors` and `config.json`, as mlx-whisper's converter writes them. */
  readonly outputFolder: string;
  readonly bits: number;
  readonly encoderBits: number;
  readonly groupSize: number;
  /** Speech that scales, offsets and rounding are fitted to; without any, each group spans its weights. */
  readonly windows: readonly CalibrationWindow[];
  /** A list of the layers that are made; a second call with the same request goes on where the first one ended. */
  readonly finishedPath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}
