/** What a contender says of one recording; null where it does not tell. */
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
  /** What it computes with. */
  readonly weights: string;
  /** Only long recordings tell something about it. */
  readonly longOnly?: boolean;
  /** So slow that one round of the short recording must do. */
  readonly isVerySlow?: boolean;
  /** All processes that work for it. */
  readonly processIds: () => readonly number[];
  transcribe(path: string): Promise<Answer>;
}

/** Processes that were started together, and the ways to use them. */
export interface Peer {
  readonly contenders: readonly Contender[];
  close(): Promise<void>;
}

export const batchSize = 8;
