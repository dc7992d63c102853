import { setTimeout as delay } from "node:timers/promises";
import { readEvents } from "../daemon/follow-job";
import { Segment } from "../daemon/api";
import { requestDaemon } from "../daemon/request-daemon";
import { TranscriptionOptions, transcriptionQuery } from "../daemon/transcription-options";
import { recordedPart, RecordedPart } from "./recorded-part";

export interface LiveTextRequest {
  path: string;
  options: TranscriptionOptions;
  /** Stops it. */
  signal: AbortSignal;
  onText: (text: string) => void;
}

const pollMs = 300;
const minNewSeconds = 1;
// Whisper reads 30 s at a time. Settled text before that does not have to be decoded again.
const settleAfterSeconds = 20;

/**
 * Shows the spoken text during the recording. It transcribes the newest part of the file again and again; older text is
 * settled. This is only a preview, started again for each dictation, so errors just leave it out.
 */
export async function showLiveText({ path, options, signal, onText }: LiveTextRequest): Promise<void> {
  let settledText = "";
  let settledSeconds = 0;
  let heardSeconds = 0;
  while (!signal.aborted) {
    const part = await recordedPart(path, settledSeconds).catch(() => null);
    if (part === null || settledSeconds + part.durationSeconds - heardSeconds < minNewSeconds) {
      await delay(pollMs, undefined, { signal }).catch(() => undefined);
      continue;
    }
    heardSeconds = settledSeconds + part.durationSeconds;
    const segments = await transcribePart({ part, options, signal }).catch(() => null);
    if (segments === null) {
      await delay(pollMs, undefined, { signal }).catch(() => undefined);
      continue;
    }
    onText((settledText + textOf(segments)).trim());
    const settled = part.durationSeconds < settleAfterSeconds ? [] : segments.slice(0, -1);
    settledText += textOf(settled);
    settledSeconds += settled.at(-1)?.end ?? 0;
  }
}

async function transcribePart(request: {
  part: RecordedPart;
  options: TranscriptionOptions;
  signal: AbortSignal;
}): Promise<Segment[]> {
  const { part, options, signal } = request;
  const { audio, byteCount } = await part.recording.open();
  const response = await requestDaemon({
    method: "POST",
    path: `/v1/transcriptions${transcriptionQuery(options, { priority: "interactive", history: "false" })}`,
    headers: {
      accept: "application/x-ndjson",
      "content-type": "application/octet-stream",
      "content-length": byteCount,
    },
    body: audio,
    signal,
  });
  for await (const event of readEvents(response, signal)) {
    if (event.type === "job-done") return event.result.segments;
  }
  return [];
}

function textOf(segments: Segment[]): string {
  return segments.map(({ text }) => text).join("");
}
