import { getPreferenceValues } from "@raycast/api";
import { TranscriptionOptions } from "../daemon/transcription-options";
import { languages } from "./languages";

/** The options in the extension's preferences. A language that is not in their menu is detected. */
export function defaultOptions(): TranscriptionOptions {
  const { language, initialPrompt, model } = getPreferenceValues<Preferences>();
  return { language: languages.find(({ code }) => code === language)?.code, initialPrompt, model };
}

/**
 * The same for a dictation: it is short, so that half of its time is saved, and its text is cleaned up unless its
 * preferences say otherwise.
 */
export function dictationOptions(): TranscriptionOptions {
  const { cleanUp } = getPreferenceValues<Preferences>();
  return { ...defaultOptions(), window: "short", ...(cleanUp && { cleanUp }) };
}
