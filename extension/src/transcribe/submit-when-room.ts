import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "../daemon/daemon-error";
import { Submission, submitRecording } from "../daemon/submit-recording";

const firstPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * Hands a recording in, when the queue has room for it: it asks again after pauses that grow. Aborting ends the waiting.
 * @throws what `submitRecording` throws, but `QUEUE_FULL`
 */
export async function submitWhenRoom(submission: Submission & { onQueueFull: () => void }): Promise<string> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await submitRecording(submission);
    } catch (error) {
      if (codeOf(error) !== "QUEUE_FULL") throw error;
      submission.onQueueFull();
    }
    // An aborted pause ends at once, and what is submitted then is refused as cancelled.
    await delay(pauseMs, undefined, { signal: submission.signal }).catch(() => undefined);
  }
}
