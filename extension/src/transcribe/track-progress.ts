import { JobEvent } from "../daemon/api";
import { noProgress, Progress } from "./progress";

// An estimate from less than this would jump around.
const minShareForEstimate = 0.02;

/** Turns a job's events into its progress; `nowMs` is a clock that only moves forward. */
export function trackProgress(nowMs: () => number): (event: JobEvent) => Progress {
  let progress: Progress = { ...noProgress, phase: "waiting" };
  let durationSeconds = 0;
  let startedMs = nowMs();
  let skippedShare = 0;
  return (event) => {
    if (event.type === "job-queued") progress = { ...progress, phase: "waiting", position: event.position };
    if (event.type === "job-started") {
      startedMs = nowMs();
      progress = { ...progress, phase: "transcribing", position: 0 };
    }
    if (event.type === "model-loading") progress = { ...progress, phase: "loading", share: event.progress };
    if (event.type === "model-ready") {
      startedMs = nowMs();
      progress = { ...progress, phase: "transcribing", share: null };
    }
    if (event.type === "audio-opened") durationSeconds = event.audio.durationSeconds;
    if (event.type === "text-partial") progress = { ...progress, phase: "transcribing", partialText: event.text };
    if (event.type === "segments-decoded") {
      const share = durationSeconds > 0 ? Math.min(1, event.processedSeconds / durationSeconds) : null;
      const elapsedSeconds = (nowMs() - startedMs) / 1000;
      // Missed events arrive all at once and say nothing about the speed.
      if (elapsedSeconds < 0.05 && share !== null) skippedShare = share;
      progress = {
        ...progress,
        phase: "transcribing",
        share,
        secondsLeft: estimate({ share, skippedShare, elapsedSeconds }),
        text: progress.text + event.segments.map(({ text }) => text).join(""),
        partialText: "",
      };
    }
    return progress;
  };
}

function estimate(pace: { share: number | null; skippedShare: number; elapsedSeconds: number }): number | null {
  if (pace.share === null) return null;
  const gained = pace.share - pace.skippedShare;
  return gained < minShareForEstimate ? null : (pace.elapsedSeconds * (1 - pace.share)) / gained;
}
