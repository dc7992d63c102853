import type { WireError } from './wire-error.ts';

/** What the command line asks its child process to do. */
export interface QuantizeCommand {
  /** The folder of a float model. */
  readonly folder: string;
  /** Where the result is to be, which does not exist yet. */
  readonly outputFolder: string;
  readonly bits: number;
  readonly encoderBits: number;
  readonly groupSize: number;
  /** Absolute paths of recordings that the model is fitted to; none: plain quantisation. */
  readonly recordings: readonly string[];
  readonly threads: number | null;
  readonly minFreeDiskBytes: number;
}

export type QuantizeEvent =
  | {
      readonly type: 'quantize-progress';
      readonly step: 'listening' | 'quantizing';
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'quantize-done'; readonly byteCount: number }
  | { readonly type: 'quantize-failed'; readonly error: WireError };
