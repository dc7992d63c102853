import type { Transcript } from '../protocol/transcript.ts';

/** A way to write a whole transcript. */
export interface TranscriptFormat {
  readonly mediaType: string;
  /** File extension without the dot. */
  readonly extension: string;
  write(transcript: Transcript, layout?: SubtitleLayout): string;
}

/** How subtitles are cut into lines; all but `highlightWords` need word times (openai/whisper utils.py `SubtitlesWriter`). */
export interface SubtitleLayout {
  readonly maxLineWidth?: number;
  readonly maxLineCount?: number;
  readonly maxWordsPerLine?: number;
  /** Underlines each word while it is spoken. */
  readonly highlightWords?: boolean;
}
