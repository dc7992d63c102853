import { DaemonError } from "../daemon/daemon-error";
import { Recording } from "../recordings/recording";
import { FinishedText } from "./follow-transcription";
import { noProgress, Progress } from "./progress";

/** One transcription of a batch. */
export interface BatchItem {
  name: string;
  /** Path of the recording; null if it is not a file. */
  path: string | null;
  /** Null for a job that somebody else submitted. */
  recording: Recording | null;
  jobId: string | null;
  state: "unfinished" | "done" | "failed" | "cancelled";
  progress: Progress;
  finished: FinishedText | null;
  error: DaemonError | null;
}

export function itemOf(recording: Recording): BatchItem {
  return { ...newItem, name: recording.name, path: recording.path, recording };
}

/** A running job to follow. */
export function itemOfJob(job: { id: string; name: string; path: string | null }): BatchItem {
  return { ...newItem, name: job.name, path: job.path, jobId: job.id };
}

/** Resets a failed or cancelled item, as if it had never been submitted. */
export function startedAnew(item: BatchItem): BatchItem {
  return { ...newItem, name: item.name, path: item.path, recording: item.recording };
}

const newItem: BatchItem = {
  name: "",
  path: null,
  recording: null,
  jobId: null,
  state: "unfinished",
  progress: noProgress,
  finished: null,
  error: null,
};
