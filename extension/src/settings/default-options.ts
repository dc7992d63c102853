import { getPreferenceValues } from "@raycast/api";
import { TranscriptionOptions } from "../daemon/transcription-options";

/** Options as the extension's preferences say now. */
export function defaultOptions(): TranscriptionOptions {
  const { language, initialPrompt, model } = getPreferenceValues<Preferences>();
  return { language, initialPrompt, model };
}
