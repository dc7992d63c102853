import type { HistoryDetails, HistoryPage, HistorySearch } from '../protocol/history.ts';
import type { JobEvent } from '../protocol/job-events.ts';
import type { ListedModel } from '../protocol/models.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import type { Transcript } from '../protocol/transcript.ts';

/** What the MCP server does its work with: a connection to the daemon, or the daemon itself. */
export interface HearthAccess {
  /** The folders in which clients may name recordings. Read at each use, since settings change. */
  readonly folders: () => readonly string[];
  /** Aborting the signal cancels the job. @throws the job's error */
  readonly transcribe: (
    request: FileTranscription,
  ) => Promise<{ readonly id: string; readonly transcript: Transcript }>;
  readonly searchHistory: (search: HistorySearch) => Promise<HistoryPage>;
  /** @throws `HISTORY_ENTRY_NOT_FOUND` */
  readonly getTranscript: (id: string) => Promise<HistoryDetails>;
  readonly listModels: () => Promise<readonly ListedModel[]>;
}

export interface FileTranscription {
  /** A file that was found to be allowed, without links. */
  readonly path: string;
  readonly options: TranscriptionOptions;
  readonly signal: AbortSignal;
  readonly onEvent: (event: JobEvent) => void;
}
