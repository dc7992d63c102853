/** A contender's figures for one recording; null if it does not report them. */
export interface Answer {
  readonly text: string;
  readonly encoderSeconds: number | null;
  /** Encoder passes. */
  readonly windows: number | null;
  /** Without the encoder; with prompts, language detection and every temperature. */
  readonly decoderSeconds: number | null;
  readonly tokens: number | null;
  /** Hearth's own figures. */
  readonly logMelShare?: number;
}

/** One way to turn recordings into text that stays warm between them. */
export interface Contender {
  readonly name: string;
  /** Its weights and arithmetic. */
  readonly weights: string;
  /** Only measured with long recordings. */
  readonly longOnly?: boolean;
  /** Only measured with short recordings. */
  readonly shortOnly?: boolean;
  /** So slow that one round of the short recording has to be enough. */
  readonly isVerySlow?: boolean;
  /** All its processes. */
  readonly processIds: () => readonly number[];
  transcribe(path: string): Promise<Answer>;
}

/** Processes started together, and the contenders that use them. */
export interface Peer {
  readonly contenders: readonly Contender[];
  close(): Promise<void>;
}

export const batchSize = 8;
