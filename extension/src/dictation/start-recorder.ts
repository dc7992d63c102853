import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DaemonError } from "../daemon/daemon-error";
import { recorderCommand } from "./recorder-command";

export interface Recorder {
  /** Ends the recording; returns when the file is whole. */
  stop(): Promise<void>;
  /** Resolves when the recorder ended, also by itself; with what went wrong, or null. */
  ended: Promise<DaemonError | null>;
}

const stopLimitMs = 3000;

// Asks the recorder to end when its own input ends, also because this process is gone: no microphone is left on.
const guardScript = [
  'exec 3<&0; "$@" </dev/null 3<&- & recorder=$!',
  "(read -r line <&3; kill -TERM $recorder) 2>/dev/null & guard=$!",
  "wait $recorder; code=$?; kill $guard 2>/dev/null; exit $code",
].join("\n");

/** Starts recording the microphone to a WAVE file. @throws DaemonError `RECORDER_NOT_FOUND` */
export function startRecorder(path: string): Recorder {
  const { program, args, endsWithInput } = recorderCommand(path);
  mkdirSync(dirname(path), { recursive: true });
  const guarded = endsWithInput ? [program, ...args] : ["/bin/sh", "-c", guardScript, "guard", program, ...args];
  const child = spawn(guarded[0] as string, guarded.slice(1), { stdio: ["pipe", "ignore", "pipe"] });
  let errors = "";
  let stopping = false;
  child.stderr.on("data", (bytes: Buffer) => (errors = (errors + bytes).slice(-1000)));
  child.stdin.on("error", () => undefined);
  const ended = new Promise<DaemonError | null>((resolve) => {
    child.once("error", (cause) => resolve(recorderError(cause.message, cause)));
    child.once("exit", (code) => resolve(code === 0 || stopping ? null : recorderError(errors)));
  });
  return {
    ended,
    async stop() {
      stopping = true;
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function recorderError(said: string, cause?: unknown): DaemonError {
  const reason = said.trim().split("\n").at(-1) || "it said nothing";
  return new DaemonError("RECORDER_FAILED", `The recorder ended: ${reason}.`, {
    hint: "Allow Raycast in System Settings ▸ Privacy & Security ▸ Microphone, and look at the command's preferences.",
    cause,
  });
}
