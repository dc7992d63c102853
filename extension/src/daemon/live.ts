import { Readable } from "node:stream";
import { Job, JobEvent } from "./api";
import { readEvents } from "./follow-job";
import { requestDaemon } from "./request-daemon";
import { askJson, requestText } from "./request-json";
import { TranscriptionOptions, transcriptionQuery } from "./transcription-options";

/** A WAVE file that may still grow. Its end ends the session. */
export type LiveBody = Readable;

const name = "Dictation";

/** Sends sound while it comes; the events of its job meanwhile. @throws DaemonError */
export function startLive(request: {
  body: LiveBody;
  options: TranscriptionOptions;
  signal: AbortSignal;
}): AsyncGenerator<JobEvent> {
  const { body, options, signal } = request;
  const query = transcriptionQuery(options, { live: "true", name });
  return sendAndFollow({ path: `/v1/transcriptions${query}`, body, signal });
}

/** Goes on with a session whose connection broke, from a place in its sound. @throws DaemonError */
export function continueLive(request: {
  jobId: string;
  offset: number;
  /** Number of the first event to hear of. */
  from: number;
  body: LiveBody;
  signal: AbortSignal;
}): AsyncGenerator<JobEvent> {
  const { jobId, offset, from, body, signal } = request;
  const path = `/v1/jobs/${encodeURIComponent(jobId)}/audio?offset=${offset}&from=${from}`;
  return sendAndFollow({ path, body, signal });
}

/** How much of a session's sound has come; null for one that takes no more. @throws DaemonError `JOB_NOT_FOUND` */
export async function receivedBytes(jobId: string): Promise<number | null> {
  const job = await askJson<Job>({ path: `/v1/jobs/${encodeURIComponent(jobId)}` });
  return job.state === "queued" || job.state === "running" ? job.receivedBytes : null;
}

/** Begins to load a model, so that it is there when somebody has spoken. @throws DaemonError */
export async function warmModel(model: string | undefined): Promise<void> {
  await requestText({
    isQuestion: true,
    method: "POST",
    path: "/v1/warm",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: model?.trim() || undefined }),
  });
}

async function* sendAndFollow(request: {
  path: string;
  body: LiveBody;
  signal: AbortSignal;
}): AsyncGenerator<JobEvent> {
  const { path, body, signal } = request;
  const headers = { accept: "application/x-ndjson", "content-type": "application/octet-stream" };
  yield* readEvents(await requestDaemon({ method: "POST", path, headers, body, signal }), signal);
}
