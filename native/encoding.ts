/** One log-mel window on the device. */
export interface NativeMel {
  /** Frames that carry sound; the rest of the window is zeros, as `pad_or_trim` leaves it. */
  readonly contentFrames: number;
  close(): void;
}

/** Encoder output of one window, and its cross-attention keys and values; every later call reuses it. */
export interface NativeEncoding {
  close(): void;
}
