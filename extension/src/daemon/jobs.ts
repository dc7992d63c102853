import { JobList, JobSummary } from "./api";
import { followJob } from "./follow-job";
import { askJson } from "./request-json";

/** Unfinished jobs, the running one first. @throws DaemonError */
export async function listUnfinishedJobs(): Promise<JobSummary[]> {
  const { jobs } = await askJson<JobList>({ path: "/v1/jobs" });
  const unfinished = jobs.filter(({ state }) => state === "running" || state === "queued");
  return unfinished.sort((left, right) => (left.queuePosition ?? -1) - (right.queuePosition ?? -1));
}

/** Cancels an unfinished job. @throws DaemonError */
export async function cancelJob(jobId: string): Promise<void> {
  await askJson({ method: "DELETE", path: `/v1/jobs/${encodeURIComponent(jobId)}` });
}

/** Cancels a job and waits until it has ended, which takes the engine a moment. @throws DaemonError */
export async function cancelJobAndWait(jobId: string): Promise<void> {
  await cancelJob(jobId);
  const events = followJob(jobId);
  while (!(await events.next()).done);
}
