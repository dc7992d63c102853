import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DaemonError } from "../daemon/daemon-error";
import { RecorderCommand } from "./recorder-command";
import { recorderError } from "./start-recorder";

// Outlives the command that starts it. A line on `control` ends the recorder, and as long as that pipe has a reader, it
// runs: a process number would be another program's after a restart of the Mac.
const guardScript = [
  'cd "$1" || exit 1; grace=$2; shift 2',
  "mkfifo input control || exit 1",
  '"$@" <input >/dev/null 2>errors & recorder=$!',
  "(exec 4>input; read -r line <>control; exec 4>&-; sleep $grace; kill -TERM $recorder; sleep 3; kill -KILL $recorder) >/dev/null 2>&1 & guard=$!",
  "wait $recorder; echo $? >ending; mv ending ended; kill $guard 2>/dev/null",
].join("\n");

const lookEveryMs = 30;
/** Longer than the script gives a recorder that does not listen. */
const stopLimitMs = 9000;

/** Starts recording the microphone. What the recorder says, and how it ends, is written to a folder. */
export function startBackgroundRecorder(folder: string, { program, args, endsWithInput }: RecorderCommand): void {
  // One that ends with its input has time to do so.
  const values = ["-c", guardScript, "dictation", folder, endsWithInput ? "3" : "0", program, ...args];
  const child = spawn("/bin/sh", values, { detached: true, stdio: "ignore" });
  child.on("error", () => undefined);
  child.unref();
}

export function isRecording(folder: string): Promise<boolean> {
  return tellRecorder(folder, "");
}

/** Ends the recorder and waits until its file is complete; false if it had ended before. */
export async function stopBackgroundRecorder(folder: string): Promise<boolean> {
  if (!(await tellRecorder(folder, "stop\n"))) return false;
  await untilRecorder({ folder, isSo: async () => false, limitMs: stopLimitMs });
  return true;
}

/** Waits until something is so, or the recorder has ended, or for so long. */
export async function untilRecorder(wait: {
  folder: string;
  isSo: () => Promise<boolean>;
  limitMs: number;
}): Promise<void> {
  const deadlineMs = performance.now() + wait.limitMs;
  while (performance.now() < deadlineMs && !(await hasEnded(wait.folder)) && !(await wait.isSo())) {
    await delay(lookEveryMs);
  }
}

/** What the recorder failed with; null if it has not. */
export async function recorderFailure(folder: string, program: string): Promise<DaemonError | null> {
  const code = await readFile(join(folder, "ended"), "utf8").catch(() => "0");
  if (code.trim() === "0") return null;
  return recorderError(program, await readFile(join(folder, "errors"), "utf8").catch(() => ""));
}

export async function hasEnded(folder: string): Promise<boolean> {
  return access(join(folder, "ended")).then(
    () => true,
    () => false,
  );
}

/** False where nobody listens: a pipe without a reader cannot be opened. */
async function tellRecorder(folder: string, line: string): Promise<boolean> {
  const control = await open(join(folder, "control"), constants.O_WRONLY | constants.O_NONBLOCK).catch(() => null);
  if (control === null) return false;
  await control.write(line).finally(() => control.close());
  return true;
}
