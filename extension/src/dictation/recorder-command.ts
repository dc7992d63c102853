import { accessSync, constants, existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { getPreferenceValues } from "@raycast/api";
import { DaemonError } from "../daemon/daemon-error";
import { systemRecorderScript } from "./system-recorder-script";

export interface RecorderCommand {
  program: string;
  args: string[];
  /** Ends when its standard input does. Others end at SIGTERM. */
  endsWithInput: boolean;
}

const usual = ["/opt/homebrew/bin/sox", "/usr/local/bin/sox", "/opt/homebrew/bin/ffmpeg", "/usr/local/bin/ffmpeg"];

/**
 * The program that records the microphone to a 16 kHz WAVE file: the one in the preferences, one from Homebrew, or the
 * one in macOS. It stops at the limit in the preferences. @throws DaemonError `RECORDER_NOT_FOUND`
 */
export function recorderCommand(path: string): RecorderCommand {
  const { recorderPath, limitMinutes } = getPreferenceValues<Preferences>();
  const preferred = recorderPath?.trim();
  if (preferred) requireProgram(preferred);
  const program = preferred || usual.find((each) => existsSync(each));
  const limitSeconds = Number(limitMinutes) * 60;
  if (program === undefined) return systemRecorder(path, limitSeconds);
  return basename(program).includes("ffmpeg") ? ffmpeg(program, path, limitSeconds) : sox(program, path, limitSeconds);
}

function requireProgram(path: string): void {
  const hint = "Choose sox or ffmpeg as the recorder in the preferences, or leave the preference empty.";
  if (!existsSync(path)) throw new DaemonError("RECORDER_NOT_FOUND", `There is no recorder at ${path}.`, { hint });
  try {
    accessSync(path, constants.X_OK);
    if (statSync(path).isFile()) return;
  } catch {
    // Reported below.
  }
  throw new DaemonError("RECORDER_NOT_FOUND", `${path} is not a program.`, { hint });
}

function sox(program: string, path: string, limitSeconds: number): RecorderCommand {
  const output = ["-r", "16000", "-c", "1", "-b", "16", "-e", "signed-integer", path];
  // A small buffer, so that the text can keep up with the voice.
  const args = ["-q", "--buffer", "4096", "-d", ...output, "trim", "0", String(limitSeconds)];
  return { program, args, endsWithInput: false };
}

function ffmpeg(program: string, path: string, limitSeconds: number): RecorderCommand {
  const input = ["-f", "avfoundation", "-i", ":default", "-t", String(limitSeconds)];
  const output = ["-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", "-flush_packets", "1", "-f", "wav", path];
  return { program, args: ["-nostdin", "-loglevel", "error", ...input, ...output], endsWithInput: false };
}

function systemRecorder(path: string, limitSeconds: number): RecorderCommand {
  const args = ["-l", "JavaScript", "-e", systemRecorderScript, path, String(limitSeconds)];
  return { program: "/usr/bin/osascript", args, endsWithInput: true };
}
