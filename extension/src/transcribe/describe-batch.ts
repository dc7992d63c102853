import { BatchItem } from "./batch";
import { describeProgress } from "./progress";

/** The progress of a batch, for a toast: what is being done, and how far it is. */
export function describeBatch(items: BatchItem[]): { title: string; message: string } {
  const current = items.find(({ state }) => state === "unfinished") ?? items.at(-1);
  if (current === undefined) return { title: "Nothing to transcribe", message: "" };
  const progress = describeProgress(current.progress);
  if (items.length === 1) return { title: `Transcribing ${current.name}`, message: progress };
  const title = `Transcribing ${items.indexOf(current) + 1} of ${items.length}`;
  return { title, message: [current.name, progress].filter(Boolean).join(" · ") };
}
