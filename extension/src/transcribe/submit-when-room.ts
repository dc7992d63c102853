import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "../daemon/daemon-error";
import { Submission, submitRecording } from "../daemon/submit-recording";

const waitMs = 2000;

/** Hands a recording in, when the queue has room for it. @throws what `submitRecording` throws, but `QUEUE_FULL` */
export async function submitWhenRoom(submission: Submission): Promise<string> {
  for (;;) {
    try {
      return await submitRecording(submission);
    } catch (error) {
      if (codeOf(error) !== "QUEUE_FULL") throw error;
      await delay(waitMs, undefined, { signal: submission.signal }).catch(() => undefined);
    }
  }
}
