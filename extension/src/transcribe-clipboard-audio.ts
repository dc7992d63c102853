import { transcribeAndDeliver } from "./transcribe/transcribe-and-deliver";
import { clipboardPaths } from "./recordings/clipboard-paths";

export default async function transcribeClipboardAudio(): Promise<void> {
  await transcribeAndDeliver({
    paths: await clipboardPaths(),
    nothing: "No file on the clipboard",
    advice: "Copy an audio or video file in Finder, or its path, and try again.",
  });
}
