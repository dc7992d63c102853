import type { WireError } from '../errors/wire-error.ts';
import type { AudioSummary } from './engine-messages.ts';
import type { WireSegment, WireTranscript } from './wire-transcript.ts';

/** One line of a job's NDJSON stream. The last is `job-done`, `job-failed` or `job-cancelled`. */
export type JobEvent = LoggedJobEvent | PassingJobEvent;

/** Only for who follows at the time: the next event takes its place, and no log keeps it. */
export type PassingJobEvent = { readonly jobId: string } & (
  | {
      readonly type: 'model-loading';
      readonly model: string;
      /** Share of loading and warming up done, 0 to 1. */
      readonly progress: number;
    }
  /** All text so far of the window that is being decoded. */
  | { readonly type: 'text-partial'; readonly startSeconds: number; readonly text: string }
);

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
    /** The model that the job waited for is loaded and warm. */
    | { readonly type: 'model-ready'; readonly model: string }
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
