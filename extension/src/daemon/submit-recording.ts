import { Transform } from "node:stream";
import { Recording } from "../recordings/recording";
import { Job } from "./api";
import { cloneIntoSpool, removeClone } from "./clone-into-spool";
import { cancelled } from "./daemon-error";
import { cancelJob } from "./jobs";
import { requestJson } from "./request-json";
import { TranscriptionOptions, transcriptionQuery } from "./transcription-options";

export interface Submission {
  recording: Recording;
  options: TranscriptionOptions;
  /** Recordings that somebody is waiting for run before background ones. */
  priority: "interactive" | "bulk";
  signal: AbortSignal;
  onSent?: (sent: { bytes: number; totalBytes: number }) => void;
}

/**
 * Sends a recording to the daemon as a job that continues without us, and returns the job's id.
 * @throws DaemonError the daemon's error, `DAEMON_UNREACHABLE`, `CANCELLED`, what opening the recording throws
 */
export async function submitRecording(submission: Submission): Promise<string> {
  if (submission.signal.aborted) throw cancelled();
  const id = await submitCloneOrBytes(submission);
  if (!submission.signal.aborted) return id;
  // The daemon had everything it needs before it could be cancelled.
  await cancelJob(id);
  throw cancelled();
}

/** The daemon never reads the recording itself: macOS might ask the user whether "node" may. */
async function submitCloneOrBytes(submission: Submission): Promise<string> {
  const { path } = submission.recording;
  const clone = path === null ? null : await cloneIntoSpool(path);
  if (clone === null) return submitBytes(submission);
  try {
    return await submitPath(submission, clone);
  } catch (error) {
    await removeClone(clone);
    throw error;
  }
}

async function submitPath(submission: Submission, path: string): Promise<string> {
  const { id } = await requestJson<Job>({
    method: "POST",
    path: routeOf(submission),
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path }),
  });
  return id;
}

async function submitBytes(submission: Submission): Promise<string> {
  const { recording, signal, onSent } = submission;
  const { audio, byteCount } = await recording.open();
  const sending = new AbortController();
  const stopSending = () => sending.abort();
  signal.addEventListener("abort", stopSending);
  if (signal.aborted) stopSending();
  const onBytes = (bytes: number) => {
    onSent?.({ bytes, totalBytes: byteCount });
    // From here on, the daemon may have made a job of it, whose id is worth waiting for.
    if (bytes === byteCount) signal.removeEventListener("abort", stopSending);
  };
  const counted = audio.pipe(countBytes(onBytes));
  audio.on("error", (error) => counted.destroy(error));
  counted.on("close", () => audio.destroy());
  try {
    const { id } = await requestJson<Job>({
      method: "POST",
      path: routeOf(submission),
      headers: { "content-type": "application/octet-stream", "content-length": byteCount },
      body: counted,
      signal: sending.signal,
    });
    return id;
  } finally {
    signal.removeEventListener("abort", stopSending);
  }
}

function routeOf({ recording: { name }, options, priority }: Submission): string {
  return `/v1/transcriptions${transcriptionQuery(options, { detach: "true", priority, name: name.slice(-255) })}`;
}

function countBytes(onBytes: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
}
