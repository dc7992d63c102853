import type { WireError } from '../errors/wire-error.ts';
import type { AudioSummary } from './engine-messages.ts';
import type { WireSegment, WireTranscript } from './wire-transcript.ts';

/** One line of a job's NDJSON stream. The last is `job-done`, `job-failed` or `job-cancelled`. */
export type JobEvent = LoggedJobEvent | PartialTextEvent;

/** All text so far of the window that is being decoded. Only for who follows at the time: it is kept in no log. */
export interface PartialTextEvent {
  readonly type: 'text-partial';
  readonly jobId: string;
  readonly startSeconds: number;
  readonly text: string;
}

interface Numbered {
  /** Position in the job's event log, from 0. */
  readonly seq: number;
  readonly jobId: string;
}

/** What a job's event log holds. */
export type LoggedJobEvent = Numbered &
  (
    | { readonly type: 'job-queued'; readonly position: number }
    | { readonly type: 'job-started' }
    | { readonly type: 'audio-opened'; readonly audio: AudioSummary }
    | { readonly type: 'language-detected'; readonly language: string; readonly probability: number }
    | {
        readonly type: 'segments-decoded';
        readonly segments: readonly WireSegment[];
        readonly processedSeconds: number;
      }
    | { readonly type: 'job-done'; readonly result: WireTranscript }
    | { readonly type: 'job-failed'; readonly error: WireError }
    | { readonly type: 'job-cancelled' }
  );
