import { Job } from "../daemon/jobs";

/** How far a job is, in a word or two. */
export function describeJob({ state, durationSeconds, processedSeconds }: Job): string {
  if (state === "queued") return "Waiting";
  return durationSeconds ? `${Math.round((100 * processedSeconds) / durationSeconds)} %` : "Starting";
}
