import { basename } from "node:path";
import { showHUD, showToast, Toast } from "@raycast/api";
import { findRecordings } from "../recordings/find-recordings";
import { defaultOptions } from "../settings/default-options";
import { BatchItem, itemOf } from "./batch";
import { deliverText } from "./deliver-text";
import { saveAllBeside } from "./save-all-beside";
import { SavedFormat } from "./save-transcript";
import { transcribeWithToast } from "./transcribe-with-toast";

export interface Delivered {
  paths: string[];
  /** What to say when there is nothing to transcribe, and what to do then. */
  nothing: string;
  advice: string;
  /** Written beside the recordings, instead of pasted or copied. */
  saveAs?: SavedFormat;
}

/** A command without a view: transcribes files, and pastes, copies or saves what they say. */
export async function transcribeAndDeliver({ paths, nothing, advice, saveAs }: Delivered): Promise<void> {
  const recordings = await findRecordings(paths);
  if (recordings.length === 0) {
    await showToast({ style: Toast.Style.Failure, title: nothing, message: advice });
    return;
  }
  const startedMs = performance.now();
  const { items, toast } = await transcribeWithToast({
    items: recordings.map(itemOf),
    options: defaultOptions(),
    priority: recordings.length === 1 ? "interactive" : "bulk",
  });
  const done = items.filter(({ state }) => state === "done");
  if (done.length === 0) return;
  if (saveAs !== undefined) {
    const saved = await saveAllBeside({ items, format: saveAs, toast });
    if (saved.length < items.length) return;
    await toast.hide();
    await showHUD(saved.length === 1 ? `Saved ${basename(saved[0] as string)}` : `Saved ${saved.length} files`);
    return;
  }
  // A text that lacks parts is not pasted anywhere; history has what is done.
  if (done.length < items.length) return;
  await toast.hide();
  const name = items.length === 1 ? (items[0] as BatchItem).name : `${items.length} recordings`;
  await deliverText({ text: joinTexts(items), name, elapsedSeconds: (performance.now() - startedMs) / 1000 });
}

/** One text, or several with their names above. */
function joinTexts(items: BatchItem[]): string {
  const texts = items.map(({ finished }) => finished?.text ?? "");
  return items.length === 1 ? texts.join("") : texts.map((text, at) => `${items[at]?.name}\n${text}`).join("\n\n");
}
