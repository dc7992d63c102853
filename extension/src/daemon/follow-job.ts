import { IncomingMessage } from "node:http";
import { JobEvent } from "./api";
import { readJsonLines } from "./read-json-lines";
import { connectionError, requestDaemon } from "./request-daemon";

/**
 * Yields a job's events from the first to the last. Leaving the loop does not affect the job.
 * @throws DaemonError `JOB_NOT_FOUND`, and `DAEMON_UNREACHABLE`, also if the daemon ends before the job does
 */
export async function* followJob(jobId: string): AsyncGenerator<JobEvent> {
  yield* readEvents(await requestDaemon({ path: `/v1/jobs/${encodeURIComponent(jobId)}/events?from=0` }));
}

/** Yields the events in a response, up to the job's last one. @throws DaemonError `DAEMON_UNREACHABLE`, `CANCELLED` */
export async function* readEvents(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<JobEvent> {
  try {
    for await (const event of readJsonLines<JobEvent>(response)) {
      yield event;
      if (event.type === "job-done" || event.type === "job-failed" || event.type === "job-cancelled") return;
    }
  } catch (error) {
    throw connectionError(error, signal);
  }
  throw connectionError(new Error("The connection ended before the job did."), signal);
}
