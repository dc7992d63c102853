/** One word of a window, in seconds from the window's start (openai/whisper timing.py `WordTiming`). */
export interface WordTiming {
  readonly word: string;
  readonly tokens: readonly number[];
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly probability: number;
}

/** One word of a segment, in seconds from the recording's start. */
export interface Word {
  readonly word: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly probability: number;
}
