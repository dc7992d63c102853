import { JobSummary } from "../daemon/api";
import { formatPercent } from "./progress";

/** The progress of a job, in a word or two. */
export function describeJob({ state, durationSeconds, processedSeconds }: JobSummary): string {
  if (state === "queued") return "Waiting";
  return durationSeconds ? formatPercent(processedSeconds / durationSeconds) : "Starting";
}
