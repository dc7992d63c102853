import { getPreferenceValues, getSelectedFinderItems } from "@raycast/api";
import { transcribeAndDeliver } from "./transcribe/transcribe-and-deliver";

export default async function transcribeSelectedFiles(): Promise<void> {
  const { destination, format } = getPreferenceValues<Preferences.TranscribeSelectedFiles>();
  await transcribeAndDeliver({
    paths: await selectedPaths(),
    nothing: "Nothing is selected in Finder",
    advice: "Bring a Finder window to the front and select audio or video files, or use Transcribe File.",
    saveAs: destination === "beside" ? format : undefined,
  });
}

/** Raycast throws if Finder is not in front, and also if nothing is selected. */
async function selectedPaths(): Promise<string[]> {
  try {
    return (await getSelectedFinderItems()).map(({ path }) => path);
  } catch {
    return [];
  }
}
