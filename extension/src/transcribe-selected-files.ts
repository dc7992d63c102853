import { getPreferenceValues, getSelectedFinderItems } from "@raycast/api";
import { transcribeAndDeliver } from "./transcribe/transcribe-and-deliver";

export default async function transcribeSelectedFiles(): Promise<void> {
  const { destination, format } = getPreferenceValues<Preferences.TranscribeSelectedFiles>();
  await transcribeAndDeliver({
    paths: await selectedPaths(),
    nothing: "Nothing is selected in Finder",
    advice: "Select audio or video files in a Finder window that is in front, or use Transcribe File.",
    saveAs: destination === "beside" ? format : undefined,
  });
}

/** Raycast throws when Finder is not in front as well as when nothing is selected. */
async function selectedPaths(): Promise<string[]> {
  try {
    return (await getSelectedFinderItems()).map(({ path }) => path);
  } catch {
    return [];
  }
}
