import type { WireTranscript } from '../../messages/wire-transcript.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';

/** A transcript that is kept. */
export interface KeptTranscript {
  /** The id of its job. */
  readonly id: string;
  /** What the recording is called, where the client said so. */
  readonly name: string | null;
  readonly createdAt: Date;
  readonly options: TranscriptionOptions;
  readonly result: WireTranscript;
}

/** A transcript in a list of them. */
export interface HistoryEntry {
  /** Position in the history; newer ones are higher. */
  readonly seq: number;
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: string;
  readonly durationSeconds: number;
  readonly language: string;
  readonly task: 'transcribe' | 'translate';
  readonly model: string;
  /** Its first words, or those around what was searched for. */
  readonly excerpt: string;
}

/** A transcript by itself. */
export interface HistoryDetails extends Omit<HistoryEntry, 'excerpt'> {
  readonly options: TranscriptionOptions;
  readonly result: WireTranscript;
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** `before` of the next page; null on the last one. */
  readonly nextBefore: number | null;
  /** Transcripts that are kept, whatever was searched for. */
  readonly total: number;
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
  search(search: HistorySearch): HistoryPage;
  /** Whether there was one. */
  delete(id: string): boolean;
  /** How many there were. */
  clear(): number;
  /** Lets go of what is older or more than the limits allow. What goes wrong becomes a warning. */
  prune(): void;
  /** What its owner should know, for example that it had to begin anew. */
  warnings(): readonly string[];
  close(): void;
}
