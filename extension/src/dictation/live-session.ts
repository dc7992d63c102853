import { setTimeout as delay } from "node:timers/promises";
import { codeOf, DaemonError } from "../daemon/daemon-error";
import { JobEvent } from "../daemon/api";
import { deleteTranscript } from "../daemon/history";
import { cancelJob, cancelJobAndWait } from "../daemon/jobs";
import { continueLive, LiveBody, receivedBytes, startLive } from "../daemon/live";
import { TranscriptionOptions } from "../daemon/transcription-options";
import { growingRecording } from "./growing-recording";

/** What was said so far: settled text, and what may still change. */
export interface SpokenText {
  settled: string;
  tentative: string;
}

export interface LiveSession {
  /**
   * The recorder has ended: sends what is left and waits for the text of the whole recording. A failure is not tried
   * again: the recording is there. @throws DaemonError
   */
  finish(): Promise<string>;
  /** Ends it without a transcript. */
  cancel(): void;
  /** The recording has its text from elsewhere: what the session has heard of it leaves the history, or never gets there. */
  replace(): Promise<void>;
}

export interface LiveSessionRequest {
  /** What the recorder writes. */
  path: string;
  options: TranscriptionOptions;
  onText: (text: SpokenText) => void;
}

const retryMs = 1000;
/** The daemon knows the session, and will not go on with it. */
const isOver = ["JOB_NOT_FOUND", "REQUEST_INVALID"];

/**
 * Sends a recording to Hearth while it is made. Where the connection breaks, it goes on from there; where the session is
 * gone with its daemon, another begins with all that was recorded.
 */
export function startLiveSession({ path, options, onText }: LiveSessionRequest): LiveSession {
  const leaving = new AbortController();
  const { signal } = leaving;
  const recorded = new AbortController();
  let job: { id: string; nextEvent: number } | null = null;
  let settled = "";
  /** Sessions of which another one hears all, too. */
  const replaced = new Set<string>();
  const text = run();
  text.catch(() => undefined);

  async function run(): Promise<string> {
    for (;;) {
      try {
        return await hear();
      } catch (error) {
        if (signal.aborted || recorded.signal.aborted) throw error;
        await delay(retryMs, undefined, { signal: AbortSignal.any([signal, recorded.signal]) }).catch(() => undefined);
        if (recorded.signal.aborted) throw error;
      }
    }
  }

  async function hear(): Promise<string> {
    const begun = job;
    const offset = begun === null ? null : await placeOf(begun.id);
    if (begun === null || offset === null) {
      if (begun !== null) {
        replaced.add(begun.id);
        abandon(begun.id);
      }
      job = null;
      settled = "";
      return await follow(startLive({ body: bodyFrom(0), options, signal }));
    }
    return await follow(
      continueLive({ jobId: begun.id, offset, from: begun.nextEvent, body: bodyFrom(offset), signal }),
    );
  }

  function bodyFrom(offset: number): LiveBody {
    return growingRecording({ path, offset, recorded: recorded.signal, signal });
  }

  async function follow(events: AsyncGenerator<JobEvent>): Promise<string> {
    for await (const event of events) {
      const nextEvent = "seq" in event && typeof event.seq === "number" ? event.seq + 1 : (job?.nextEvent ?? 0);
      job = { id: event.jobId, nextEvent };
      if (event.type === "text-committed") settled += event.text;
      if (event.type === "text-committed") onText({ settled, tentative: "" });
      if (event.type === "text-tentative") onText({ settled, tentative: event.text });
      if (event.type === "job-done") {
        if (event.result.warning_codes?.includes("text-cut-off")) {
          // The recording has all of it.
          replaced.add(event.jobId);
          job = null;
          throw new DaemonError("ENGINE_CRASHED", event.result.warnings.join(" "));
        }
        await forgetAll(replaced);
        return event.result.text.trim();
      }
      if (event.type === "job-failed" || event.type === "job-cancelled") job = null;
      if (event.type === "job-failed") throw new DaemonError(event.error.code, event.error.message);
    }
    throw new DaemonError("CANCELLED", "Cancelled.");
  }

  return {
    finish() {
      recorded.abort();
      return text;
    },
    cancel() {
      leaving.abort();
      if (job !== null) abandon(job.id);
    },
    async replace() {
      leaving.abort();
      if (job !== null) replaced.add(job.id);
      await forgetAll(replaced);
    },
  };
}

/** Where a session can be taken up; null where it is gone. @throws DaemonError */
async function placeOf(jobId: string): Promise<number | null> {
  try {
    return await receivedBytes(jobId);
  } catch (error) {
    if (isOver.includes(codeOf(error))) return null;
    throw error;
  }
}

/** What it has heard is not wanted: the recording is sent again, kept or discarded as a whole. */
function abandon(jobId: string): void {
  void cancelJob(jobId).catch(() => undefined);
}

/**
 * A daemon that was killed transcribes what it had received when it runs again, for whoever wants it: here it would be a
 * part of a text that is there as a whole.
 */
async function forgetAll(jobIds: Iterable<string>): Promise<void> {
  for (const jobId of jobIds) {
    await cancelJobAndWait(jobId).catch(() => undefined);
    await deleteTranscript(jobId).catch(() => undefined);
  }
}
