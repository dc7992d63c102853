import { Toast } from "@raycast/api";
import { BatchItem } from "./batch";
import { SavedFormat, saveBeside } from "./save-transcript";
import { isSilent } from "./silent-items";

/** Saves finished transcripts with words beside their recordings; returns the paths. The toast reports a failure. */
export async function saveAllBeside(request: {
  items: BatchItem[];
  format: SavedFormat;
  toast: Toast;
}): Promise<string[]> {
  const { items, format, toast } = request;
  const saved: string[] = [];
  try {
    for (const item of items) {
      const { state, jobId, path } = item;
      if (state !== "done" || jobId === null || path === null || isSilent(item)) continue;
      saved.push(await saveBeside({ jobId, format, path }));
    }
  } catch (error) {
    toast.style = Toast.Style.Failure;
    toast.title = "Could not save beside the recording";
    toast.message = `${(error as Error).message} The text is in Search Transcripts.`;
    return saved;
  }
  return saved;
}
