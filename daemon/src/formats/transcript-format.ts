import type { Transcript } from '../protocol/transcript.ts';
import type { TranscriptOrigin } from './transcript-facts.ts';

/** A way to write a whole transcript. */
export interface TranscriptFormat {
  readonly mediaType: string;
  /** File extension without the dot. */
  readonly extension: string;
  /** Documents say where their text comes from. Only one that is not text takes time. */
  write(transcript: Transcript, layout?: SubtitleLayout, origin?: TranscriptOrigin): string | Promise<Uint8Array>;
}

/** How subtitles are cut into lines; all but `highlightWords` need word times (openai/whisper utils.py `SubtitlesWriter`). */
export interface SubtitleLayout {
  readonly maxLineWidth?: number;
  readonly maxLineCount?: number;
  readonly maxWordsPerLine?: number;
  /** Underlines each word while it is spoken. */
  readonly highlightWords?: boolean;
}
