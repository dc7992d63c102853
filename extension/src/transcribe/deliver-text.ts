import { Clipboard, getPreferenceValues, showHUD } from "@raycast/api";

export interface Delivery {
  text: string;
  /** Name of the recording, for the message. */
  name: string;
  elapsedSeconds: number;
  /** Further sentences for the message. */
  more?: string;
}

// After this, the app in front may not be the one that the text was meant for.
const pasteLimitSeconds = 60;

/** Pastes or copies a finished text, as set in the preferences, and says so. */
export async function deliverText({ text, name, elapsedSeconds, more = "" }: Delivery): Promise<void> {
  if (text.trim() === "") {
    await showHUD(withMore(`No speech in ${name}`, more));
    return;
  }
  const { delivery } = getPreferenceValues<Preferences>();
  if (delivery === "paste" && elapsedSeconds <= pasteLimitSeconds) {
    await Clipboard.paste(text);
    await showHUD(withMore(`Pasted the text of ${name}`, more));
    return;
  }
  await Clipboard.copy(text);
  await showHUD(withMore(`Copied the text of ${name}`, more));
}

/** A single sentence has no full stop. */
export function withMore(said: string, more: string): string {
  return more === "" ? said : `${said}. ${more}`;
}
