import { spawn } from "node:child_process";
import { basename } from "node:path";
import { DaemonError } from "../daemon/daemon-error";
import { RecorderCommand } from "./recorder-command";

export interface Recorder {
  /** Stops the recording; resolves when the file is complete. */
  stop(): Promise<void>;
  /** Resolves when the recorder has ended, even by itself, with what went wrong, or null. */
  ended: Promise<DaemonError | null>;
}

/** What to do where macOS keeps the microphone from a recorder. */
export const microphoneAdvice = "Allow Raycast in System Settings ▸ Privacy & Security ▸ Microphone";

const stopLimitMs = 4000;
// A program's last output arrives with its end, or soon after it.
const lastWordsMs = 300;

// Ends the recorder when its own input ends, also because this process is gone. So no microphone is left on, even by a
// recorder that does not listen.
const guardScript = [
  'exec 3<&0; "$@" </dev/null 3<&- & recorder=$!',
  "(read -r line <&3; kill -TERM $recorder; sleep 3; kill -KILL $recorder) >/dev/null 2>&1 & guard=$!",
  "wait $recorder; code=$?; kill $guard 2>/dev/null; exit $code",
].join("\n");

/** Starts recording the microphone, until this process ends at the latest. */
export function startRecorder({ program, args, endsWithInput }: RecorderCommand): Recorder {
  const guarded = endsWithInput ? [program, ...args] : ["/bin/sh", "-c", guardScript, "guard", program, ...args];
  const child = spawn(guarded[0] as string, guarded.slice(1), { stdio: ["pipe", "ignore", "pipe"] });
  let errors = "";
  let stopping = false;
  child.stderr.on("data", (bytes: Buffer) => (errors = (errors + bytes).slice(-1000)));
  child.stdin.on("error", () => undefined);
  const ended = new Promise<DaemonError | null>((resolve) => {
    const end = (code: number | null) =>
      resolve(code === 0 || stopping ? null : recorderError(basename(program), errors));
    child.once("error", (cause) => resolve(recorderError(basename(program), "", cause)));
    child.once("close", end);
    child.once("exit", (code) => setTimeout(end, lastWordsMs, code));
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

/** What a recorder failed with, from what it said. */
export function recorderError(name: string, said: string, cause?: unknown): DaemonError {
  const lastLine = said.trim().split("\n").at(-1) ?? "";
  const quoted = lastLine === "" ? "" : `It said: “${lastLine}”. `;
  return new DaemonError("RECORDER_FAILED", `The recorder ${name} stopped.`, {
    hint: `${quoted}${microphoneAdvice}, or choose another recorder in the preferences.`,
    cause,
  });
}

/** A recorder that ended well, and left no sound. */
export function wroteNothing(): DaemonError {
  return new DaemonError("RECORDER_FAILED", "Nothing was recorded.", {
    hint: `${microphoneAdvice}, or choose another recorder in the preferences.`,
  });
}
