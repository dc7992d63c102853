import { rm, stat } from "node:fs/promises";
import { showHUD, updateCommandMetadata } from "@raycast/api";
import { codeOf, DaemonError, toDaemonError } from "../daemon/daemon-error";
import { dictationOptions } from "../settings/default-options";
import { startHearth } from "../start/start-hearth";
import { BatchItem, itemOf } from "../transcribe/batch";
import { describeSeconds } from "../transcribe/progress";
import { transcribeAll } from "../transcribe/transcribe-all";
import { recorderFailure, stopBackgroundRecorder } from "./background-recorder";
import { beginDictation, endWithoutSound } from "./begin-dictation";
import { deliverDictation } from "./deliver-dictation";
import { recordedPart, RecordedPart } from "./recorded-part";
import { claimEnd, forgetDictation, RunningDictation } from "./running-dictation";
import { minSeconds } from "./unfinished-dictation";

/** The text of a recording that ended longer ago is not what somebody wants now. */
const recentMs = 120_000;

/** Ends a dictation and pastes or copies its text, unless another press is at it. @throws DaemonError */
export async function endDictation(running: RunningDictation): Promise<void> {
  const leave = await claimEnd(running);
  if (leave === null) return showHUD("Hearth is transcribing the last dictation");
  try {
    await end(running);
  } finally {
    leave();
  }
}

async function end(running: RunningDictation): Promise<void> {
  const { folder, path, program } = running;
  const wasRecording = await stopBackgroundRecorder(folder);
  await updateCommandMetadata({ subtitle: null });
  const part = await recordedPart(path).catch(() => null);
  const failure = wasRecording ? null : await recorderFailure(folder, program);
  if (part === null) return endWithoutSound(running, failure);
  if (part.durationSeconds < minSeconds) {
    await rm(path, { force: true });
    await forgetDictation(running);
    return showHUD("The dictation was shorter than a second");
  }
  const length = describeSeconds(part.durationSeconds);
  if (!wasRecording && !(await isRecent(path))) {
    await forgetDictation(running);
    await beginDictation(`Dictate has one of ${length} that was not finished`);
    return;
  }
  await showHUD("Transcribing the dictation");
  const more = wasRecording ? "" : `The recording had ended after ${length}`;
  await transcribeAndDeliver(running, part, [failure?.message ?? "", more].filter(Boolean).join(" "));
}

async function transcribeAndDeliver(running: RunningDictation, part: RecordedPart, more: string): Promise<void> {
  const startedMs = performance.now();
  const { finished, error } = await transcribe(part);
  // From here on *Dictate* offers a recording that has no text.
  if (finished === null) {
    await forgetDictation(running);
    const { message, hint } = error ?? new DaemonError("INTERNAL", "The dictation has no text.");
    throw new DaemonError("INTERNAL", message, { hint: `${hint} The recording is kept: open Dictate.`.trim() });
  }
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  await deliverDictation({
    text: finished.text,
    path: running.path,
    elapsedSeconds,
    more,
    onArrived: () => forgetDictation(running),
  });
}

/** Starts Hearth if it is not running, once. */
async function transcribe({ recording }: RecordedPart): Promise<BatchItem> {
  const attempt = async (item: BatchItem) => {
    const [ended] = await transcribeAll({
      items: [item],
      options: dictationOptions(),
      priority: "interactive",
      signal: new AbortController().signal,
      onChange: () => undefined,
    });
    return ended as BatchItem;
  };
  const first = await attempt(itemOf(recording));
  if (codeOf(first.error) !== "DAEMON_UNREACHABLE") return first;
  try {
    await startHearth();
  } catch (error) {
    return { ...first, error: toDaemonError(error) };
  }
  return attempt(first);
}

async function isRecent(path: string): Promise<boolean> {
  return Date.now() - (await stat(path)).mtimeMs < recentMs;
}
