export interface Segment {
  start: number;
  end: number;
  text: string;
}

export interface Transcript {
  text: string;
  segments: Segment[];
  language: string;
  duration: number;
  model: string;
  warnings: string[];
}

/** One line of a job's events; those without `seq` are shown while they come and never repeated. */
export type JobEvent = { seq?: number; jobId: string } & (
  | { type: "job-queued"; position: number }
  | { type: "job-started" }
  | { type: "model-loading"; model: string; progress: number }
  | { type: "model-ready"; model: string }
  | { type: "audio-opened"; audio: { durationSeconds: number } }
  | { type: "language-detected"; language: string }
  | { type: "text-partial"; startSeconds: number; text: string }
  | { type: "segments-decoded"; segments: Segment[]; processedSeconds: number }
  | { type: "job-done"; result: Transcript }
  | { type: "job-failed"; error: { code: string; message: string; hint: string } }
  | { type: "job-cancelled" }
);
