import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "../daemon/daemon-error";
import { Submission, submitRecording } from "../daemon/submit-recording";

const firstPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * Submits a recording once the queue has room, retrying with growing pauses. Aborting ends the wait.
 * @throws what `submitRecording` throws, except `QUEUE_FULL`
 */
export async function submitWhenRoom(submission: Submission & { onQueueFull: () => void }): Promise<string> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await submitRecording(submission);
    } catch (error) {
      if (codeOf(error) !== "QUEUE_FULL") throw error;
      submission.onQueueFull();
    }
    // Aborting ends the pause at once, and the next attempt is refused as cancelled.
    await delay(pauseMs, undefined, { signal: submission.signal }).catch(() => undefined);
  }
}
