import { basename } from "node:path";
import { showHUD, showToast, Toast } from "@raycast/api";
import { findRecordings } from "../recordings/find-recordings";
import { defaultOptions } from "../settings/default-options";
import { BatchItem, itemOf } from "./batch";
import { deliverText, withMore } from "./deliver-text";
import { saveAllBeside } from "./save-all-beside";
import { SavedFormat } from "./save-transcript";
import { describeSilent, isSilent } from "./silent-items";
import { transcribeWithToast } from "./transcribe-with-toast";

export interface Delivered {
  paths: string[];
  /** What to say if there is nothing to transcribe, and what to do then. */
  nothing: string;
  advice: string;
  /** Saved beside the recordings instead of pasted or copied. */
  saveAs?: SavedFormat;
}

/** A command without a view: transcribes files, and pastes, copies or saves the text. */
export async function transcribeAndDeliver({ paths, nothing, advice, saveAs }: Delivered): Promise<void> {
  await showToast({ style: Toast.Style.Animated, title: "Looking for recordings" });
  const { recordings, leftOut } = await findRecordings(paths);
  if (recordings.length === 0) {
    const found = paths.length === 0 ? { title: nothing, message: advice } : { title: "No audio or video found" };
    await showToast({ style: Toast.Style.Failure, message: leftOut || advice, ...found });
    return;
  }
  const startedMs = performance.now();
  const { items, toast } = await transcribeWithToast({
    items: recordings.map(itemOf),
    options: defaultOptions(),
    priority: recordings.length === 1 ? "interactive" : "bulk",
    leftOut,
  });
  const done = items.filter(({ state }) => state === "done");
  if (done.length === 0) return;
  const silent = items.filter(isSilent);
  const spoken = items.filter((item) => !isSilent(item));
  const more = spoken.length === 0 ? leftOut : [describeSilent(silent), leftOut].filter(Boolean).join(" ");
  if (saveAs !== undefined) {
    const saved = await saveAllBeside({ items, format: saveAs, toast });
    if (saved.length < spoken.length) return;
    await toast.hide();
    await showHUD(withMore(spoken.length === 0 ? `No speech in ${nameOf(items)}` : describeSaved(saved), more));
    return;
  }
  // An incomplete text is not pasted anywhere. The history has what is finished.
  if (done.length < items.length) return;
  await toast.hide();
  await deliverText({
    text: joinTexts(spoken, items.length),
    name: nameOf(spoken.length === 0 ? items : spoken),
    elapsedSeconds: (performance.now() - startedMs) / 1000,
    more,
  });
}

function nameOf(items: BatchItem[]): string {
  return items.length === 1 ? (items[0] as BatchItem).name : `${items.length} recordings`;
}

function describeSaved(saved: string[]): string {
  return saved.length === 1 ? `Saved ${basename(saved[0] as string)}` : `Saved ${saved.length} files`;
}

/** One text, or several with their names above. */
function joinTexts(items: BatchItem[], recordingCount: number): string {
  const texts = items.map(({ finished }) => finished?.text ?? "");
  return recordingCount === 1 ? texts.join("") : texts.map((text, at) => `${items[at]?.name}\n${text}`).join("\n\n");
}
