import { Toast } from "@raycast/api";
import { BatchItem } from "./batch";
import { SavedFormat, saveBeside } from "./save-transcript";

/** Writes what is done beside its recordings; the paths written. A failure is told by the toast. */
export async function saveAllBeside(request: {
  items: BatchItem[];
  format: SavedFormat;
  toast: Toast;
}): Promise<string[]> {
  const { items, format, toast } = request;
  const saved: string[] = [];
  try {
    for (const { state, jobId, path } of items) {
      if (state === "done" && jobId !== null && path !== null) saved.push(await saveBeside({ jobId, format, path }));
    }
  } catch (error) {
    toast.style = Toast.Style.Failure;
    toast.title = "Could not save beside the recording";
    toast.message = `${(error as Error).message} The text is in Transcription History.`;
    return saved;
  }
  return saved;
}
