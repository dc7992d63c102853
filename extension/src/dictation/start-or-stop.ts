import { showHUD } from "@raycast/api";
import { toDaemonError } from "../daemon/daemon-error";
import { isRecording } from "./background-recorder";
import { beginDictation, confirmForAnother, recordingNote } from "./begin-dictation";
import { endDictation } from "./end-dictation";
import { begunAtMs, findRunningDictation } from "./running-dictation";

/** A press that follows so soon on the news that it is recorded was meant for that, or slipped. */
const slipMs = 500;

/** Begins a dictation, or ends the one that is running and pastes its text. Nothing that was recorded is lost. */
export async function startOrStopDictation(): Promise<void> {
  const pressedMs = Date.now();
  try {
    if (!(await beginDictation())) await continueDictation(pressedMs);
  } catch (error) {
    const { message, hint } = toDaemonError(error);
    await showHUD([message, hint].filter(Boolean).join(" "));
  }
}

async function continueDictation(pressedMs: number): Promise<void> {
  const running = await findRunningDictation();
  if (running === null) return void (await beginDictation());
  const begunMs = await begunAtMs(running);
  if (begunMs === null) return confirmForAnother(running);
  if (pressedMs < begunMs + slipMs && (await isRecording(running.folder))) return showHUD(recordingNote);
  await endDictation(running);
}
