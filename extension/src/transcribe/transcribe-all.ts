import { codeOf, toDaemonError } from "../daemon/daemon-error";
import { cancelJob } from "../daemon/jobs";
import { TranscriptionOptions } from "../daemon/transcription-options";
import { rememberRecording } from "../recordings/known-recordings";
import { BatchItem } from "./batch";
import { FinishedText, followTranscription } from "./follow-transcription";
import { noProgress, Progress } from "./progress";
import { submitWhenRoom } from "./submit-when-room";

export interface BatchRequest {
  items: BatchItem[];
  options: TranscriptionOptions;
  priority: "interactive" | "bulk";
  /** Aborting cancels every job of the batch. A closed window does not abort: the jobs continue. */
  signal: AbortSignal;
  onChange: (items: BatchItem[]) => void;
}

/**
 * Submits what has not been submitted, follows each job in turn, and returns how each ended. It does not throw: the
 * failures are in the items, which can be passed to it again.
 */
export async function transcribeAll(request: BatchRequest): Promise<BatchItem[]> {
  const items = request.items.map(unlessFinished);
  const works = items.map((_, index) => itemWork(request, items, index));
  const cancelAll = () =>
    items.forEach(({ state, jobId }) => state === "unfinished" && jobId !== null && cancel(jobId));
  request.signal.addEventListener("abort", cancelAll);
  try {
    // All are submitted at the start, so that closing the window loses none, but one after the other, as they may be large.
    const submissions = inTurn(works.map(({ submit }) => submit));
    for (const [index, submission] of submissions.entries()) {
      if (items[index]?.state !== "unfinished") continue;
      await works[index]?.follow(submission);
    }
  } finally {
    request.signal.removeEventListener("abort", cancelAll);
  }
  return items;
}

/** Retries what failed because no daemon was running. */
function unlessFinished(item: BatchItem): BatchItem {
  return codeOf(item.error) === "DAEMON_UNREACHABLE" ? { ...item, state: "unfinished", error: null } : item;
}

function inTurn(works: (() => Promise<void>)[]): Promise<void>[] {
  let previous = Promise.resolve();
  return works.map((work) => {
    const result = previous.then(work);
    // Its failure is handled when it is its turn to be followed.
    previous = result.catch(() => undefined);
    return result;
  });
}

function itemWork(request: BatchRequest, items: BatchItem[], index: number) {
  const change = (changes: Partial<BatchItem>) => {
    items[index] = { ...(items[index] as BatchItem), ...changes };
    request.onChange([...items]);
  };
  const onProgress = (progress: Progress) => change({ progress });

  async function submit(): Promise<void> {
    const { recording, jobId, state } = items[index] as BatchItem;
    if (state !== "unfinished" || jobId !== null || recording === null) return;
    const onSent = (sent: { bytes: number; totalBytes: number }) =>
      onProgress({ ...noProgress, share: sent.bytes / sent.totalBytes });
    const onQueueFull = () => onProgress({ ...noProgress, phase: "waiting" });
    const submitted = await submitWhenRoom({ ...request, recording, onSent, onQueueFull });
    change({ jobId: submitted, progress: { ...noProgress, phase: "waiting" } });
    await rememberRecording(submitted, recording);
  }

  async function followOrSubmitAgain(): Promise<FinishedText> {
    const { recording, jobId } = items[index] as BatchItem;
    try {
      return await followTranscription({ jobId: jobId as string, onProgress });
    } catch (error) {
      // A killed daemon may have lost the job, but the recording is still here.
      if (codeOf(error) !== "JOB_NOT_FOUND" || recording === null) throw error;
      change({ jobId: null });
      await submit();
      return await followTranscription({ jobId: (items[index] as BatchItem).jobId as string, onProgress });
    }
  }

  async function follow(submission: Promise<void>): Promise<void> {
    try {
      await submission;
      change({ finished: await followOrSubmitAgain(), state: "done" });
    } catch (thrown) {
      const error = toDaemonError(thrown);
      change({ error, state: error.code === "CANCELLED" ? "cancelled" : "failed" });
    }
  }

  return { submit, follow };
}

/** The job's last event reports the cancellation. If the daemon is gone, whatever follows the job notices that. */
function cancel(jobId: string): void {
  void cancelJob(jobId).catch(() => undefined);
}
