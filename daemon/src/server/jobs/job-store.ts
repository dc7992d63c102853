import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { KeptTranscript } from '../history/history.ts';
import type { Job } from './job.ts';
import type { StoredJob } from './stored-job.ts';

/** Jobs on disk. What is written of a detached job outlives the machine's power, of others the process. */
export interface JobStore {
  /** What the file held when it was opened, in the order of acceptance. */
  readonly jobs: readonly StoredJob[];
  /** Whether jobs may be missing here whose uploads are still there. */
  readonly isIncomplete: boolean;
  /** Resolves when the job is written down. @throws `HOME_BUSY`, `DISK_FULL`, `HOME_NOT_WRITABLE` */
  accept(job: Job): Promise<void>;
  /** Writes a job's end down. @throws as `accept` */
  end(job: Job, record: EndRecord): void;
  /** Deletes a job, but for a text that the history has still to get. */
  forget(id: string): void;
  /** Deletes all that is kept of jobs, so that nothing of it is left on the disk. @throws as `accept` */
  erase(ids: readonly string[]): void;
  /** The jobs whose texts are here. */
  withTexts(): readonly string[];
  countAwaitingHistory(): number;
  /** Texts that have still to go into the history, the oldest first. */
  awaitingHistory(limit: number): readonly KeptTranscript[];
  /** Says that the history has these texts now, so that nothing of them stays here. */
  inHistory(moved: readonly MovedText[]): void;
  warnings(): readonly string[];
  /** That somebody deleted or replaced the file; null as long as it is in its place. */
  problem(): WireError | null;
  close(): Promise<void>;
}

/** A text that the history has taken over, or that need not wait for it. */
export interface MovedText {
  readonly id: string;
  /** Whether nobody asks for its job any more, which then goes too. */
  readonly isForgotten: boolean;
  /** Whether the history does not want it any more, and it stays with its job. */
  readonly isLeft?: boolean;
}

/** What an end leaves in the file. */
export interface EndRecord {
  /** The text, where the history does not hold it. */
  readonly result: Transcript | null;
  /** Whether the text has still to go into the history. */
  readonly awaitsHistory: boolean;
}
