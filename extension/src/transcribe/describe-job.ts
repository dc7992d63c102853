import { Job } from "../daemon/jobs";
import { formatPercent } from "./progress";

/** How far a job is, in a word or two. */
export function describeJob({ state, durationSeconds, processedSeconds }: Job): string {
  if (state === "queued") return "Waiting";
  return durationSeconds ? formatPercent(processedSeconds / durationSeconds) : "Starting";
}
