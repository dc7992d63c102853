import { DaemonError } from "../daemon/daemon-error";
import { Recording } from "../recordings/recording";
import { FinishedText } from "./follow-transcription";
import { noProgress, Progress } from "./progress";

/** One transcription among those that are made together. */
export interface BatchItem {
  name: string;
  /** Where the recording lies; null where it has no file of its own. */
  path: string | null;
  /** Null for a job that somebody else handed in. */
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

/** A job that runs already, to be followed. */
export function itemOfJob(job: { id: string; name: string; path: string | null }): BatchItem {
  return { ...newItem, name: job.name, path: job.path, jobId: job.id };
}

/** What failed or was cancelled, as if it had never been handed in. */
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
