import { setTimeout as delay } from "node:timers/promises";
import { cancelled, codeOf, DaemonError } from "../daemon/daemon-error";
import { followJob } from "../daemon/follow-job";
import { JobEvent, Transcript } from "../daemon/api";
import { Progress } from "./progress";
import { trackProgress } from "./track-progress";

/** What is kept of a finished job. Segments stay in the daemon, because a day of them would not fit here. */
export interface FinishedText {
  text: string;
  language: string;
  durationSeconds: number;
}

export interface Following {
  jobId: string;
  onProgress: (progress: Progress) => void;
}

// launchd restarts a crashed daemon within a second or two, and within ten if it has just started it.
const reconnectDelaysMs = [200, 400, 800, 1600, 3200, 6400];

/**
 * Follows a job to its end, even if the daemon restarts after a crash.
 * @throws DaemonError the job's own error, `CANCELLED`, `JOB_NOT_FOUND`, `DAEMON_UNREACHABLE`
 */
export async function followTranscription({ jobId, onProgress }: Following): Promise<FinishedText> {
  let progress: Progress | null = null;
  let attempt = 0;
  for (;;) {
    // A restarted daemon numbers the job's events from 0, so each attempt reads all of them again.
    const track = trackProgress(() => performance.now());
    try {
      for await (const event of followJob(jobId)) {
        attempt = 0;
        progress = track(event);
        onProgress(progress);
        if (event.type === "job-done") return finishedText(event.result);
        throwEnding(event);
      }
    } catch (error) {
      const delayMs = reconnectDelaysMs[attempt++];
      if (codeOf(error) !== "DAEMON_UNREACHABLE" || progress === null || delayMs === undefined) throw error;
      onProgress({ ...progress, phase: "reconnecting" });
      await delay(delayMs);
    }
  }
}

function finishedText({ text, language, duration }: Transcript): FinishedText {
  return { text: text.trim(), language, durationSeconds: duration };
}

function throwEnding(event: JobEvent): void {
  if (event.type === "job-failed") {
    throw new DaemonError(event.error.code, event.error.message, { hint: event.error.hint });
  }
  if (event.type === "job-cancelled") throw cancelled();
}
