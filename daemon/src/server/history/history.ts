import type { HistoryDetails, HistoryPage } from '../../protocol/history.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';

/** A transcript that is kept. */
export interface KeptTranscript {
  /** The id of its job. */
  readonly id: string;
  /** What the recording is called, where the client said so. */
  readonly name: string | null;
  readonly createdAt: Date;
  readonly options: TranscriptionOptions;
  readonly result: Transcript;
}

export interface HistorySearch {
  /** Words that a transcript or its name holds, all of them, in whatever case; empty for all transcripts. */
  readonly query: string;
  readonly limit: number;
  /** Only transcripts before this `seq`. */
  readonly before: number | null;
}

/** How much is kept. */
export interface HistoryLimits {
  /** Days that a transcript is kept; 0 for ever. */
  readonly historyDays: number;
  /** Transcripts that are kept; 0 for none. */
  readonly historyEntries: number;
}

/** Transcripts of the past, the newest first. */
export interface History {
  /**
   * Keeps a transcript once, however often it is given; on disk when this returns. `unwanted` where settings keep none.
   * @throws `HOME_BUSY`, `DISK_FULL`, `HOME_NOT_WRITABLE`, as the others do
   */
  add(transcript: KeptTranscript): 'kept' | 'unwanted';
  find(id: string): HistoryDetails | null;
  /** Whether there is one, without reading it. */
  has(id: string): boolean;
  search(search: HistorySearch): HistoryPage;
  /** Whether there was one. */
  delete(id: string): boolean;
  /** Deletes those that there are, a few at a time, so that others are answered meanwhile. How many there were. */
  clear(): Promise<number>;
  /** Lets go of what is older or more than the limits allow, a few at a time. What goes wrong becomes a warning. */
  prune(): void;
  /** What its owner should know, for example that it had to begin anew. */
  warnings(): readonly string[];
  /** That somebody deleted or replaced the file, so that what is written is lost; null as long as it is in its place. */
  problem(): WireError | null;
  close(): void;
}
