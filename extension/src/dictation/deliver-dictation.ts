import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { deliverText } from "../transcribe/deliver-text";
import { microphoneAdvice } from "./start-recorder";
import { readWaveLayout } from "./wave-layout";

export interface DictationDelivery {
  text: string;
  /** The recording, which is deleted when the text has arrived. */
  path: string;
  elapsedSeconds: number;
  /** Further sentences for the message. */
  more?: string;
  /** Done once the text has arrived. */
  onArrived?: () => Promise<void>;
}

/** Pastes or copies the text of a dictation. */
export async function deliverDictation(delivery: DictationDelivery): Promise<void> {
  const { text, path, elapsedSeconds, more = "", onArrived } = delivery;
  // To a program that may not use the microphone, macOS gives silence without any noise in it.
  const advice = text === "" && (await isAllZeros(path)) ? `The microphone gave no sound. ${microphoneAdvice}` : "";
  await deliverText({
    text,
    name: "the dictation",
    elapsedSeconds,
    more: [advice, more].filter(Boolean).join(". "),
    async onArrived() {
      await rm(path, { force: true });
      await onArrived?.();
    },
  });
}

async function isAllZeros(path: string): Promise<boolean> {
  const layout = await readWaveLayout(path);
  if (layout === null) return false;
  for await (const bytes of createReadStream(path, { start: layout.dataOffset })) {
    if ((bytes as Buffer).some((byte) => byte !== 0)) return false;
  }
  return true;
}
