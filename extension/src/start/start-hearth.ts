import { setTimeout as delay } from "node:timers/promises";
import { DaemonError } from "../daemon/daemon-error";
import { readHealth } from "../daemon/read-health";
import { runProgram } from "./run-program";
import { startCommands } from "./start-commands";

const limitMs = 30_000;
// launchd also refuses what is already done, so a refusal does not mean that Hearth will not start.
const limitAfterFailureMs = 5_000;
const pollMs = 100;

/**
 * Starts the daemon, with its LaunchAgent if there is one, and waits until it answers.
 * @throws DaemonError `NOT_INSTALLED`, `DAEMON_FAILED_TO_START`
 */
export async function startHearth(): Promise<void> {
  let failure: string | null = null;
  for (const { program, args } of startCommands()) {
    failure = await runProgram({ program, args, limitMs }).then(
      () => null,
      (error: Error) => error.message,
    );
  }
  const deadlineMs = performance.now() + (failure === null ? limitMs : limitAfterFailureMs);
  while (!(await answers())) {
    if (performance.now() > deadlineMs) throw failedToStart(failure ?? `It did not answer within ${limitMs / 1000} s.`);
    await delay(pollMs);
  }
}

function answers(): Promise<boolean> {
  return readHealth().then(
    () => true,
    () => false,
  );
}

function failedToStart(reason: string): DaemonError {
  return new DaemonError("DAEMON_FAILED_TO_START", "Hearth did not start.", {
    hint: `${reason.trim()} Run \`hearth status\` in Terminal to see more.`,
  });
}
