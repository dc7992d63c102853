import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { showHUD, updateCommandMetadata } from "@raycast/api";
import { codeOf, DaemonError } from "../daemon/daemon-error";
import { warmModel } from "../daemon/live";
import { dictationOptions } from "../settings/default-options";
import { startHearth } from "../start/start-hearth";
import { hasEnded, isRecording, recorderFailure, startBackgroundRecorder, untilRecorder } from "./background-recorder";
import { recordedPart } from "./recorded-part";
import { recorderCommand } from "./recorder-command";
import { claimDictation, forgetDictation, noteBegun, RunningDictation } from "./running-dictation";
import { wroteNothing } from "./start-recorder";
import { newDictationPath } from "./unfinished-dictation";

/** A recorder begins to write within that time, or it is slow. */
const firstSoundMs = 5000;

export const recordingNote = "Recording. Run the command again to finish";

/** Begins to record, and tells that; false if a dictation is running. @throws DaemonError of the recorder */
export async function beginDictation(note = ""): Promise<boolean> {
  const path = newDictationPath();
  const command = recorderCommand(path);
  const running = await claimDictation({ path, program: basename(command.program) });
  if (running === null) return false;
  startBackgroundRecorder(running.folder, command);
  await confirm(running, note);
  return true;
}

/** Tells that it is recorded, once it is, and has the model loaded. @throws DaemonError of the recorder */
async function confirm(running: RunningDictation, note: string): Promise<void> {
  const { folder, path, program } = running;
  await untilRecorder({ folder, isSo: async () => (await secondsOf(path)) > 0, limitMs: firstSoundMs });
  const failure = await recorderFailure(folder, program);
  const isSilent = (await hasEnded(folder)) && (await secondsOf(path)) === 0;
  if (failure !== null || isSilent) return endWithoutSound(running, failure);
  await noteBegun(running);
  await updateCommandMetadata({ subtitle: "Recording" });
  await showHUD([recordingNote, note].filter(Boolean).join(". "));
  const { model } = dictationOptions();
  try {
    await warmModel(model).catch(async (error) => {
      if (codeOf(error) !== "DAEMON_UNREACHABLE") throw error;
      await startHearth();
      await warmModel(model);
    });
  } catch (error) {
    // The recording goes on: its text can wait.
    await showHUD(`Recording. ${(error as Error).message}`);
  }
}

/** @throws DaemonError why there is no sound, or too little to be worth its text */
export async function endWithoutSound(running: RunningDictation, failure: DaemonError | null): Promise<never> {
  if ((await secondsOf(running.path)) === 0) await rm(running.path, { force: true });
  await forgetDictation(running);
  throw failure ?? wroteNothing();
}

/** The press that began it is at it, or was ended before it could tell. */
export async function confirmForAnother(running: RunningDictation): Promise<void> {
  const { folder } = running;
  await untilRecorder({ folder, isSo: () => isRecording(folder), limitMs: firstSoundMs });
  if ((await isRecording(folder)) || (await hasEnded(folder))) return confirm(running, "");
  await forgetDictation(running);
  await beginDictation();
}

async function secondsOf(path: string): Promise<number> {
  return (await recordedPart(path).catch(() => null))?.durationSeconds ?? 0;
}
